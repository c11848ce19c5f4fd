"""Sound films whose copyright was never secured or never renewed."""

from datetime import date

from demo.films.model import NO_NOTICE, UNRENEWED, Film

TALKIES = (
    Film(
        tmdb_id=9_000_020,
        slug="my-man-godfrey",
        title="My Man Godfrey",
        original_title="My Man Godfrey",
        released_on=date(1936, 9, 6),
        runtime_minutes=94,
        language="en",
        country="US",
        directors=("Gregory La Cava",),
        cast=(
            ("William Powell", "Godfrey"),
            ("Carole Lombard", "Irene Bullock"),
            ("Alice Brady", "Angelica Bullock"),
            ("Gail Patrick", "Cornelia Bullock"),
            ("Eugene Pallette", "Alexander Bullock"),
            ("Jean Dixon", "Molly"),
            ("Mischa Auer", "Carlo"),
        ),
        genres=("Comedy", "Romance"),
        tagline="The butler was found at the city dump.",
        synopsis=(
            "For a scavenger hunt the Bullock sisters need one forgotten man, and Irene finds hers beside the river "
            "among the ashes and the tin cans. He is polite, unshaven and curious to see how such people live, so he "
            "lets himself be won, and is hired as their butler the same night. The mother keeps a protégé who "
            "imitates gorillas, the father has stopped opening letters, and a string of pearls is under the wrong "
            "mattress. Somebody here was well brought up. It is the butler."
        ),
        certification="U",
        palette=("#1c1c22", "#e9c15a", "#f6efe0", "#7fa7a0"),
        public_domain=UNRENEWED,
    ),
    Film(
        tmdb_id=9_000_021,
        slug="his-girl-friday",
        title="His Girl Friday",
        original_title="His Girl Friday",
        released_on=date(1940, 1, 18),
        runtime_minutes=92,
        language="en",
        country="US",
        directors=("Howard Hawks",),
        cast=(
            ("Cary Grant", "Walter Burns"),
            ("Rosalind Russell", "Hildy Johnson"),
            ("Ralph Bellamy", "Bruce Baldwin"),
            ("Gene Lockhart", "Sheriff Hartwell"),
            ("Porter Hall", "Murphy"),
            ("Ernest Truex", "Bensinger"),
            ("Helen Mack", "Mollie Malloy"),
            ("John Qualen", "Earl Williams"),
        ),
        genres=("Comedy", "Romance"),
        tagline="Stop the presses. Stop the wedding.",
        synopsis=(
            "Hildy Johnson has come to the newsroom for five minutes, to tell her editor and former husband that she "
            "is marrying an insurance man from Albany on the four o'clock train. Walter Burns congratulates her, and "
            "then sees to it that the train leaves without her: there is a hanging in the morning, a governor who "
            "cannot be found and a prisoner in a roll-top desk. Everybody talks at once, the telephones never stop, "
            "and nobody has ever been so well matched, or so tired of it."
        ),
        certification="PG",
        palette=("#f4e9d0", "#d43c2c", "#1a1a1a", "#7fb2b0"),
        public_domain=UNRENEWED,
    ),
    Film(
        tmdb_id=9_000_022,
        slug="detour",
        title="Detour",
        original_title="Detour",
        released_on=date(1945, 11, 30),
        runtime_minutes=68,
        language="en",
        country="US",
        directors=("Edgar G. Ulmer",),
        cast=(
            ("Tom Neal", "Al Roberts"),
            ("Ann Savage", "Vera"),
            ("Claudia Drake", "Sue Harvey"),
            ("Edmund MacDonald", "Charles Haskell Jr."),
            ("Tim Ryan", "The diner's owner"),
            ("Esther Howard", "Holly"),
        ),
        genres=("Crime", "Thriller"),
        tagline="Whichever way he turned, fate had a foot out.",
        synopsis=(
            "A piano player with no money puts out his thumb in New York, because his girl has gone to Hollywood. The "
            "man who stops for him in Arizona has pills in the glove box and scratches on his hand, and before the "
            "state line he is dead. Al takes the car, the clothes and the name, which is foolish; then he gives a "
            "lift to a woman by a petrol station, which is worse. She opens one eye and asks where he left the body. "
            "Shot in a few weeks for very little, and as dark as they come."
        ),
        certification="12",
        palette=("#15171c", "#f2c230", "#efe6d2", "#c9402e"),
        public_domain=UNRENEWED,
    ),
    Film(
        tmdb_id=9_000_023,
        slug="the-hitch-hiker",
        title="The Hitch-Hiker",
        original_title="The Hitch-Hiker",
        released_on=date(1953, 3, 20),
        runtime_minutes=71,
        language="en",
        country="US",
        directors=("Ida Lupino",),
        cast=(
            ("Edmond O'Brien", "Roy Collins"),
            ("Frank Lovejoy", "Gilbert Bowen"),
            ("William Talman", "Emmett Myers"),
            ("José Torvay", "Captain Alvarado"),
            ("Wendell Niles", "Himself"),
            ("Jean Del Val", "The inspector general"),
        ),
        genres=("Crime", "Thriller"),
        tagline="He sleeps with one eye open.",
        synopsis=(
            "Two friends on a fishing trip stop for a stranger beside the road, and a moment later a gun comes "
            "forward out of the dark of the back seat. Emmett Myers has killed those who picked him up before, and "
            "tells them so; he means to cross Baja California with them and then be rid of them. One of his eyelids "
            "will not close, so that nobody can tell when he is asleep. Ida Lupino tells it without a wasted minute, "
            "in white glare and black rock, and gives pity to no one too early."
        ),
        certification="12",
        palette=("#e6d3a8", "#1b1a19", "#d4552b", "#8c9a86"),
        public_domain=UNRENEWED,
    ),
    Film(
        tmdb_id=9_000_024,
        slug="house-on-haunted-hill",
        title="House on Haunted Hill",
        original_title="House on Haunted Hill",
        released_on=date(1959, 2, 17),
        runtime_minutes=75,
        language="en",
        country="US",
        directors=("William Castle",),
        cast=(
            ("Vincent Price", "Frederick Loren"),
            ("Carol Ohmart", "Annabelle Loren"),
            ("Richard Long", "Lance Schroeder"),
            ("Carolyn Craig", "Nora Manning"),
            ("Elisha Cook Jr.", "Watson Pritchard"),
            ("Alan Marshal", "Dr. David Trent"),
            ("Julie Mitchum", "Ruth Bridgers"),
        ),
        genres=("Horror", "Mystery"),
        tagline="Ten thousand dollars each, if you are there for breakfast.",
        synopsis=(
            "An elegant millionaire rents a house with seven murders to its name and invites five strangers to his "
            "wife's party. The doors lock at midnight, the servants have left early, and each guest finds a small "
            "coffin on the table with a pistol in it. Whoever stays until morning will be rich. There is a vat of "
            "acid in the cellar, a head in a suitcase, and a marriage upstairs that is more frightening than either. "
            "Castle flew a skeleton over the seats in 1959; we leave that to your imagination."
        ),
        certification="12",
        palette=("#2a1b45", "#b7d84b", "#0f0a1c", "#f07f2e"),
        public_domain=UNRENEWED,
        has_3d=True,
    ),
    Film(
        tmdb_id=9_000_025,
        slug="the-little-shop-of-horrors",
        title="The Little Shop of Horrors",
        original_title="The Little Shop of Horrors",
        released_on=date(1960, 9, 14),
        runtime_minutes=72,
        language="en",
        country="US",
        directors=("Roger Corman",),
        cast=(
            ("Jonathan Haze", "Seymour Krelboined"),
            ("Jackie Joseph", "Audrey Fulquard"),
            ("Mel Welles", "Gravis Mushnick"),
            ("Dick Miller", "Burson Fouch"),
            ("Myrtle Vail", "Winifred Krelboined"),
            ("Jack Nicholson", "Wilbur Force"),
        ),
        genres=("Comedy", "Horror"),
        tagline="It is growing. It is talking. It is hungry.",
        synopsis=(
            "Seymour sweeps up in a flower shop on Skid Row where business is so bad that a customer eating the "
            "carnations counts as trade. To keep his job he brings in a plant that he has bred himself, an ugly "
            "little thing that perks up only when he cuts his finger. Soon it draws crowds, and soon it says 'Feed "
            "me'. A dentist, a burglar and a man who adores pain wander into a story written in days and filmed in "
            "about two, which is shorter than most people need to repot a fern."
        ),
        certification="12",
        palette=("#f5d8c8", "#2f7d4a", "#20140f", "#d93a4a"),
        public_domain=NO_NOTICE,
    ),
    Film(
        tmdb_id=9_000_026,
        slug="carnival-of-souls",
        title="Carnival of Souls",
        original_title="Carnival of Souls",
        released_on=date(1962, 9, 26),
        runtime_minutes=78,
        language="en",
        country="US",
        directors=("Herk Harvey",),
        cast=(
            ("Candace Hilligoss", "Mary Henry"),
            ("Frances Feist", "Mrs. Thomas"),
            ("Sidney Berger", "John Linden"),
            ("Art Ellison", "The minister"),
            ("Stan Levitt", "Dr. Samuels"),
            ("Herk Harvey", "The Man"),
        ),
        genres=("Horror", "Mystery"),
        tagline="The pavilion is empty. The dance has begun.",
        synopsis=(
            "A car goes off a bridge, and hours later one of its passengers walks out of the river without "
            "remembering how. Mary Henry is an organist with a new post in Utah and no wish to talk about it. But a "
            "pale man looks in through the window of her moving car, the world now and then goes silent around her, "
            "and a deserted bathing pavilion on the salt flats seems to be waiting. Made by people who filmed safety "
            "lessons for a living, and stranger than almost anything made by those who did not."
        ),
        certification="12",
        palette=("#dcd7cc", "#26242b", "#7b2d4b", "#a8b5b2"),
        public_domain=NO_NOTICE,
        opens_in_weeks=3,
    ),
    Film(
        tmdb_id=9_000_027,
        slug="charade",
        title="Charade",
        original_title="Charade",
        released_on=date(1963, 12, 5),
        runtime_minutes=113,
        language="en",
        country="US",
        directors=("Stanley Donen",),
        cast=(
            ("Cary Grant", "Peter Joshua"),
            ("Audrey Hepburn", "Regina Lampert"),
            ("Walter Matthau", "Hamilton Bartholomew"),
            ("James Coburn", "Tex Panthollow"),
            ("George Kennedy", "Herman Scobie"),
            ("Dominique Minot", "Sylvie Gaudel"),
            ("Ned Glass", "Leopold W. Gideon"),
            ("Jacques Marin", "Inspector Grandpierre"),
        ),
        genres=("Comedy", "Mystery", "Romance", "Thriller"),
        tagline="Trust him. Whatever his name is today.",
        synopsis=(
            "Regina Lampert comes home to Paris for a divorce and finds the flat bare to the skirting boards and her "
            "husband in the morgue. He had a quarter of a million dollars that were not his, say three unpleasant men "
            "at the funeral, and they would like it back. The only help is a charming stranger from the ski slopes "
            "who changes his name every reel. Everything she owns fits in one airline bag, and the fortune is in "
            "there somewhere, in front of everybody's nose."
        ),
        certification="PG",
        palette=("#f7e7d0", "#e2452f", "#213a5c", "#f2a93b"),
        public_domain=NO_NOTICE,
    ),
    Film(
        tmdb_id=9_000_028,
        slug="night-of-the-living-dead",
        title="Night of the Living Dead",
        original_title="Night of the Living Dead",
        released_on=date(1968, 10, 1),
        runtime_minutes=96,
        language="en",
        country="US",
        directors=("George A. Romero",),
        cast=(
            ("Duane Jones", "Ben"),
            ("Judith O'Dea", "Barbra"),
            ("Karl Hardman", "Harry Cooper"),
            ("Marilyn Eastman", "Helen Cooper"),
            ("Keith Wayne", "Tom"),
            ("Judith Ridley", "Judy"),
            ("Kyra Schon", "Karen Cooper"),
        ),
        genres=("Horror", "Thriller"),
        tagline="Nail up the windows. Keep the radio on.",
        synopsis=(
            "A brother and sister bring a wreath to their father's grave, and a man comes stumbling between the "
            "stones. By nightfall seven people are shut up in a farmhouse with boards over the windows, and the radio "
            "is talking about the dead. Ben wants to hold the ground floor, Cooper wants the cellar, and the quarrel "
            "between them is as dangerous as anything outside. Filmed near Pittsburgh by friends with a borrowed "
            "house, it gave the cinema a new monster and an ending that still knocks the wind out."
        ),
        certification="18",
        palette=("#d8dcc6", "#1b1d1a", "#a9281f", "#6f8a5c"),
        public_domain=NO_NOTICE,
    ),
)
