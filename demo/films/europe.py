"""Silent films from Germany, Scandinavia, France and the Soviet Union."""

from datetime import date

from demo.films.model import Film

EUROPE = (
    Film(
        tmdb_id=9_000_001,
        slug="metropolis",
        title="Metropolis",
        original_title="Metropolis",
        released_on=date(1927, 1, 10),
        runtime_minutes=149,
        language="de",
        country="DE",
        directors=("Fritz Lang",),
        cast=(
            ("Brigitte Helm", "Maria / The Machine Man"),
            ("Gustav Fröhlich", "Freder"),
            ("Alfred Abel", "Joh Fredersen"),
            ("Rudolf Klein-Rogge", "C. A. Rotwang"),
            ("Heinrich George", "Grot"),
            ("Theodor Loos", "Josaphat"),
            ("Fritz Rasp", "The Thin Man"),
        ),
        genres=("Science Fiction", "Drama"),
        tagline="Above, the gardens. Below, the machines. Between them, a heart.",
        synopsis=(
            "In a city of towers, the sons of the owners race in stadiums of marble while the workers who feed the "
            "great machines live far underground. Freder, heir to it all, follows a young teacher named Maria down "
            "the stairs and cannot forget what he sees. His father, alarmed, orders the inventor Rotwang to give a "
            "metal being her face and send it among the workers. A false prophet dances, the pumps stop, and the "
            "water begins to rise."
        ),
        certification="PG",
        palette=("#14110f", "#e8b23a", "#f4ead2", "#b8402a"),
    ),
    Film(
        tmdb_id=9_000_002,
        slug="nosferatu",
        title="Nosferatu",
        original_title="Nosferatu, eine Symphonie des Grauens",
        released_on=date(1922, 3, 4),
        runtime_minutes=94,
        language="de",
        country="DE",
        directors=("F. W. Murnau",),
        cast=(
            ("Max Schreck", "Count Orlok"),
            ("Gustav von Wangenheim", "Thomas Hutter"),
            ("Greta Schröder", "Ellen Hutter"),
            ("Alexander Granach", "Knock"),
            ("Ruth Landshoff", "Ruth"),
            ("Georg H. Schnell", "Harding"),
            ("John Gottowt", "Professor Bulwer"),
        ),
        genres=("Horror", "Fantasy"),
        tagline="Something is coming up the stairs.",
        synopsis=(
            "A cheerful young clerk rides into the Carpathians to sell a house to a count whom no coachman will drive "
            "to. His host has long fingers, no reflection worth the name and a fondness for the picture of the "
            "clerk's wife. Soon a ship without a crew drifts into the harbour at home, rats pour out of its hold, and "
            "chalk crosses appear on the doors. Only Ellen, who dreamt all of it, understands what it will cost to "
            "make the visitor forget the cock's crow."
        ),
        certification="15",
        palette=("#1c2b2a", "#d9e0a8", "#0c1413", "#8a2f22"),
    ),
    Film(
        tmdb_id=9_000_003,
        slug="the-cabinet-of-dr-caligari",
        title="The Cabinet of Dr. Caligari",
        original_title="Das Cabinet des Dr. Caligari",
        released_on=date(1920, 2, 26),
        runtime_minutes=77,
        language="de",
        country="DE",
        directors=("Robert Wiene",),
        cast=(
            ("Werner Krauss", "Dr. Caligari"),
            ("Conrad Veidt", "Cesare"),
            ("Friedrich Fehér", "Francis"),
            ("Lil Dagover", "Jane Olsen"),
            ("Hans Heinrich von Twardowski", "Alan"),
            ("Rudolf Lettinger", "Dr. Olsen"),
        ),
        genres=("Horror", "Mystery", "Thriller"),
        tagline="He has slept for twenty-three years. Tonight he wakes.",
        synopsis=(
            "The fair has come to Holstenwall, a town where no wall is straight and every shadow is painted on. In "
            "one of the tents a doctor in a tall hat shows a sleepwalker who can answer any question about the "
            "future. When a student asks how long he has to live and hears 'until dawn', a string of murders begins. "
            "His friend Francis follows the doctor through crooked lanes to the gate of an asylum, and finds that the "
            "story has one more corner to turn."
        ),
        certification="12",
        palette=("#efe3c6", "#c4371f", "#17130f", "#3c6a63"),
    ),
    Film(
        tmdb_id=9_000_004,
        slug="haxan",
        title="Häxan",
        original_title="Häxan",
        released_on=date(1922, 9, 18),
        runtime_minutes=105,
        language="sv",
        country="SE",
        directors=("Benjamin Christensen",),
        cast=(
            ("Maren Pedersen", "Maria the weaver"),
            ("Benjamin Christensen", "The Devil"),
            ("Clara Pontoppidan", "Sister Cecilia"),
            ("Astrid Holm", "Anna, the printer's wife"),
            ("Oscar Stribolt", "The fat monk"),
            ("Tora Teje", "The modern hysteric"),
        ),
        genres=("Horror", "Documentary", "History"),
        tagline="A lecture on witches. Bring a candle.",
        synopsis=(
            "Part slide lecture, part fever dream: a director with a scholar's patience and an illusionist's workshop "
            "asks how Europe came to burn its old women. He begins with woodcuts of hell, then lets them move. Monks "
            "tremble, broomsticks fill the night above the roofs, and a poor weaver is questioned until she names "
            "every neighbour. At the end he turns to the clinics of his own day and wonders aloud how much has really "
            "changed since the fires went out."
        ),
        certification="18",
        palette=("#e9dcc0", "#cf3f1e", "#1a1410", "#e39a2c"),
    ),
    Film(
        tmdb_id=9_000_005,
        slug="battleship-potemkin",
        title="Battleship Potemkin",
        original_title="Броненосец Потёмкин",
        released_on=date(1925, 12, 21),
        runtime_minutes=75,
        language="ru",
        country="SU",
        directors=("Sergei Eisenstein",),
        cast=(
            ("Aleksandr Antonov", "Grigory Vakulinchuk"),
            ("Vladimir Barsky", "Commander Golikov"),
            ("Grigori Aleksandrov", "Chief Officer Giliarovsky"),
            ("Mikhail Gomorov", "A militant sailor"),
            ("Ivan Bobrov", "A young sailor"),
            ("Beatrice Vitoldi", "The woman with the baby carriage"),
        ),
        genres=("Drama", "History", "War"),
        tagline="It began with the soup.",
        synopsis=(
            "June 1905: the sailors of a battleship on the Black Sea are told that maggots in the meat are nothing to "
            "complain about. One man refuses to shoot his comrades, and by evening a red flag flies over the deck. "
            "Odessa comes to the harbour to cheer, in boats full of bread and geese, until soldiers start down the "
            "great steps in an even line. Five short acts, cut like a drum solo, end with a squadron on the horizon "
            "and one question: will they fire?"
        ),
        certification="12",
        palette=("#d7261e", "#f1e7d0", "#161616", "#8f1712"),
    ),
    Film(
        tmdb_id=9_000_006,
        slug="man-with-a-movie-camera",
        title="Man with a Movie Camera",
        original_title="Человек с киноаппаратом",
        released_on=date(1929, 1, 8),
        runtime_minutes=68,
        language="ru",
        country="SU",
        directors=("Dziga Vertov",),
        # The two people it can be said to have a cast of; everybody else is passing by.
        cast=(("Mikhail Kaufman", "The cameraman"), ("Elizaveta Svilova", "The editor")),
        genres=("Documentary",),
        tagline="No actors. No sets. No title cards. A city.",
        synopsis=(
            "A city wakes, works, marries, divorces, gives birth, plays chess and goes to the pictures, and "
            "everywhere a man with a tripod on his shoulder is already there. He climbs chimneys, lies under trains "
            "and hangs over waterfalls; in the cutting room a woman decides what becomes of all he has caught. There "
            "is no plot and not a single line to read, only rhythm: shutters, looms, trams, eyelids. Nearly a century "
            "later it still moves faster than most of what came after it."
        ),
        certification="PG",
        palette=("#f0e6d2", "#e2401b", "#1b1b1b", "#2f6f8f"),
    ),
    Film(
        tmdb_id=9_000_007,
        slug="the-passion-of-joan-of-arc",
        title="The Passion of Joan of Arc",
        original_title="La Passion de Jeanne d'Arc",
        released_on=date(1928, 4, 21),
        runtime_minutes=82,
        language="fr",
        country="FR",
        directors=("Carl Theodor Dreyer",),
        cast=(
            ("Renée Jeanne Falconetti", "Joan of Arc"),
            ("Eugène Silvain", "Bishop Pierre Cauchon"),
            ("André Berley", "Jean d'Estivet"),
            ("Maurice Schutz", "Nicolas Loyseleur"),
            ("Antonin Artaud", "Jean Massieu"),
            ("Michel Simon", "Jean Lemaître"),
        ),
        genres=("Drama", "History"),
        tagline="A face, and everything that a face can hold.",
        synopsis=(
            "Rouen, 1431. A girl of nineteen who led an army sits on a stool before rows of old men in robes, and "
            "they ask her whether the angel had hair. Dreyer built a whole castle for this film and then hardly "
            "showed it, because all that he wanted was in front of the lens: eyes, lips, tears, the wrinkles of a "
            "judge about to lose his patience. A forged letter, a shorn head, a signature given and taken back. Then "
            "the square, the birds and the smoke."
        ),
        certification="12",
        palette=("#f2ead9", "#c63a22", "#2a2622", "#e0a33a"),
    ),
)
