"""Silent dramas, adventures and nightmares from the United States."""

from datetime import date

from demo.films.model import Film

SILENT_DRAMA = (
    Film(
        tmdb_id=9_000_013,
        slug="sunrise",
        title="Sunrise",
        original_title="Sunrise: A Song of Two Humans",
        released_on=date(1927, 9, 23),
        runtime_minutes=94,
        language="en",
        country="US",
        directors=("F. W. Murnau",),
        cast=(
            ("George O'Brien", "The Man"),
            ("Janet Gaynor", "The Wife"),
            ("Margaret Livingston", "The Woman from the City"),
            ("Bodil Rosing", "The Maid"),
            ("J. Farrell MacDonald", "The Photographer"),
            ("Ralph Sipperly", "The Barber"),
        ),
        genres=("Drama", "Romance"),
        tagline="A song of two humans, and of one night on the lake.",
        synopsis=(
            "A farmer has let a visitor from the city talk him into something terrible: a boat, a bundle of reeds, an "
            "accident. His wife, glad of an outing at last, steps in with her good coat on. What follows is a day in "
            "which two people who had lost each other cross a roaring town arm in arm, have their picture taken, "
            "chase a pig and dance. The tram that carries them from the forest into the streets may be the loveliest "
            "ride on film. But the lake is still there, and a storm is getting up."
        ),
        certification="PG",
        palette=("#1e3550", "#f0a33f", "#f6e7c6", "#d9573a"),
        opens_in_weeks=4,
    ),
    Film(
        tmdb_id=9_000_014,
        slug="wings",
        title="Wings",
        original_title="Wings",
        released_on=date(1927, 8, 12),
        runtime_minutes=144,
        language="en",
        country="US",
        directors=("William A. Wellman",),
        cast=(
            ("Clara Bow", "Mary Preston"),
            ("Charles Rogers", "Jack Powell"),
            ("Richard Arlen", "David Armstrong"),
            ("Jobyna Ralston", "Sylvia Lewis"),
            ("Gary Cooper", "Cadet White"),
            ("El Brendel", "Herman Schwimpf"),
            ("Henry B. Walthall", "David's father"),
        ),
        genres=("War", "Drama", "Romance"),
        tagline="They went up as rivals.",
        synopsis=(
            "Two young men from one small town love the same girl, and neither sees that the neighbour, who can mend "
            "a car and drive an ambulance, loves one of them. The war makes them pilots and then friends. Wellman had "
            "flown himself, and put his actors in the air with a camera bolted in front of them: the clouds are real, "
            "and so is the ground coming up. Between the dogfights there is a night in Paris full of bubbles, and a "
            "dawn when a man takes off in the wrong aeroplane."
        ),
        certification="12",
        palette=("#8fc1c9", "#d8402b", "#f5ecd3", "#22333b"),
    ),
    Film(
        tmdb_id=9_000_015,
        slug="the-phantom-of-the-opera",
        title="The Phantom of the Opera",
        original_title="The Phantom of the Opera",
        released_on=date(1925, 9, 6),
        runtime_minutes=107,
        language="en",
        country="US",
        directors=("Rupert Julian",),
        cast=(
            ("Lon Chaney", "Erik, the Phantom"),
            ("Mary Philbin", "Christine Daaé"),
            ("Norman Kerry", "Vicomte Raoul de Chagny"),
            ("Arthur Edmund Carewe", "Ledoux"),
            ("Gibson Gowland", "Simon Buquet"),
            ("Snitz Edwards", "Florine Papillon"),
            ("Mary Fabian", "Carlotta"),
        ),
        genres=("Horror", "Drama", "Romance"),
        tagline="Box five is taken.",
        synopsis=(
            "The new owners of the Paris Opera laugh at the old owners' warning, until the chandelier comes down. An "
            "understudy named Christine has been taught to sing by a voice behind her mirror, and one night she walks "
            "through it: down five cellars, over a black lake, to a room with an organ and a coffin for a bed. Her "
            "teacher asks for one thing only, that she leave his mask alone. Lon Chaney made up the face himself, and "
            "audiences in 1925 were offered smelling salts."
        ),
        certification="12",
        palette=("#7c1421", "#f0d9a0", "#17090b", "#c9a13b"),
    ),
    Film(
        tmdb_id=9_000_016,
        slug="the-lost-world",
        title="The Lost World",
        original_title="The Lost World",
        released_on=date(1925, 2, 2),
        runtime_minutes=106,
        language="en",
        country="US",
        directors=("Harry O. Hoyt",),
        cast=(
            ("Bessie Love", "Paula White"),
            ("Lewis Stone", "Sir John Roxton"),
            ("Lloyd Hughes", "Ed Malone"),
            ("Wallace Beery", "Professor Challenger"),
            ("Arthur Hoyt", "Professor Summerlee"),
            ("Alma Bennett", "Gladys Hungerford"),
            ("Bull Montana", "The Ape-Man"),
        ),
        genres=("Adventure", "Fantasy", "Science Fiction"),
        tagline="The map ends here. The footprints go on.",
        synopsis=(
            "Professor Challenger throws reporters down his front steps, because none of them believes what he saw on "
            "a plateau above the Amazon. A young journalist who must do something brave to please his fiancée joins "
            "the second expedition. Up there, beyond a fallen tree that was the only bridge, beasts of another age "
            "hunt, fight and guard their young, moved by hand one frame at a time. Taking one of them home to London "
            "turns out to be the professor's boldest idea, and his worst."
        ),
        certification="PG",
        palette=("#f0dfb2", "#2f6b4f", "#1d2a22", "#e2762b"),
        has_3d=True,
    ),
    Film(
        tmdb_id=9_000_017,
        slug="the-thief-of-bagdad",
        title="The Thief of Bagdad",
        original_title="The Thief of Bagdad",
        released_on=date(1924, 3, 18),
        runtime_minutes=149,
        language="en",
        country="US",
        directors=("Raoul Walsh",),
        cast=(
            ("Douglas Fairbanks", "The Thief of Bagdad"),
            ("Julanne Johnston", "The Princess"),
            ("Snitz Edwards", "His evil associate"),
            ("Charles Belcher", "The Holy Man"),
            ("Sōjin Kamiyama", "The Mongol Prince"),
            ("Anna May Wong", "The Mongol slave"),
            ("Brandon Hurst", "The Caliph"),
        ),
        genres=("Adventure", "Fantasy", "Family"),
        tagline="Happiness must be earned. Until then, there is the carpet.",
        synopsis=(
            "A barefoot thief who takes what he wants climbs into the palace for its jewels and stays for a sleeping "
            "princess. Three princes have come to ask for her hand; the winner will be whoever brings the rarest "
            "treasure within seven moons. So the thief sets out too, through a valley of fire, under the sea and up "
            "to the stairs of the moon, while one of his rivals fills the city with soldiers. Fairbanks leaps through "
            "the tallest sets in Hollywood as if they were a playground."
        ),
        certification="U",
        palette=("#23245c", "#f0b93a", "#f7e8c8", "#d64f6a"),
    ),
    Film(
        tmdb_id=9_000_018,
        slug="within-our-gates",
        title="Within Our Gates",
        original_title="Within Our Gates",
        released_on=date(1920, 1, 12),
        runtime_minutes=79,
        language="en",
        country="US",
        directors=("Oscar Micheaux",),
        cast=(
            ("Evelyn Preer", "Sylvia Landry"),
            ("Flo Clements", "Alma Prichard"),
            ("James D. Ruffin", "Conrad Drebert"),
            ("Jack Chenault", "Larry Prichard"),
            ("William Smith", "Philip Gentry"),
            ("Charles D. Lucas", "Dr. V. Vivian"),
            ("Bernice Ladd", "Mrs. Geraldine Stratton"),
        ),
        genres=("Drama", "Romance"),
        tagline="A school to save, and a story she has told no one.",
        synopsis=(
            "Sylvia Landry, a young teacher, travels north to find the money that will keep open a school for Black "
            "children in the South. In Boston she meets thieves, hypocrites, one generous woman and a doctor who "
            "would like to know why she will not speak of her past. When it comes out at last, the film does not look "
            "away. The oldest surviving feature by an African American director was lost for decades and came back "
            "from a single print found in Madrid."
        ),
        certification="15",
        palette=("#3a2318", "#e4a441", "#f4e6c9", "#a8432b"),
    ),
    Film(
        tmdb_id=9_000_019,
        slug="body-and-soul",
        title="Body and Soul",
        original_title="Body and Soul",
        released_on=date(1925, 11, 9),
        runtime_minutes=102,
        language="en",
        country="US",
        directors=("Oscar Micheaux",),
        cast=(
            ("Paul Robeson", "The Right Reverend Isaiah T. Jenkins / Sylvester"),
            ("Mercedes Gilbert", "Martha Jane"),
            ("Julia Theresa Russell", "Isabelle"),
            ("Lawrence Chenault", "Yellow-Curley Hinds"),
            ("Marshall Rogers", "The speakeasy proprietor"),
            ("Lillian Johnson", "Sister Ca'line"),
        ),
        genres=("Drama", "Crime"),
        tagline="One man in the pulpit. Another behind the door.",
        synopsis=(
            "A convict on the run has put on a preacher's coat, and the little town of Tatesville adores him. Martha "
            "Jane has saved for years, coin by coin in the family Bible, and wants nothing more than to see her "
            "daughter Isabelle marry the reverend; Isabelle loves his honest brother and dares not say what she "
            "knows. Paul Robeson, in his first film, plays both brothers. His smile fills the pulpit so warmly that "
            "it takes a while to notice how cold the room has become."
        ),
        certification="15",
        palette=("#10243a", "#e8d6a8", "#0a0f16", "#c84a2c"),
        opens_in_weeks=6,
    ),
)
