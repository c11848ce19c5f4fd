"""The silent clowns."""

from datetime import date

from demo.films.model import Film

SILENT_COMEDY = (
    Film(
        tmdb_id=9_000_008,
        slug="the-general",
        title="The General",
        original_title="The General",
        released_on=date(1926, 12, 31),
        runtime_minutes=79,
        language="en",
        country="US",
        directors=("Buster Keaton", "Clyde Bruckman"),
        cast=(
            ("Buster Keaton", "Johnnie Gray"),
            ("Marion Mack", "Annabelle Lee"),
            ("Glen Cavender", "Captain Anderson"),
            ("Jim Farley", "General Thatcher"),
            ("Frederick Vroom", "A Southern general"),
            ("Charles Henry Smith", "Mr. Lee"),
            ("Frank Barnes", "Annabelle's brother"),
        ),
        genres=("Comedy", "Action", "Adventure", "War"),
        tagline="He had two loves. One of them weighed twenty-five tons.",
        synopsis=(
            "Johnnie Gray loves a girl and a locomotive, and when the army turns him away, the girl turns away too. "
            "Then raiders steal his engine with her on board, and he gives chase: on foot, by handcar, on a "
            "boneshaker bicycle, at last with an engine of his own and a cannon that points the wrong way. Halfway "
            "through the whole film turns round and runs home again, hunted instead of hunting. The train that falls "
            "through the burning bridge is a real one, and it fell once."
        ),
        certification="U",
        palette=("#e7d9b4", "#c2452d", "#23201c", "#2f5d62"),
    ),
    Film(
        tmdb_id=9_000_009,
        slug="safety-last",
        title="Safety Last!",
        original_title="Safety Last!",
        released_on=date(1923, 4, 1),
        runtime_minutes=73,
        language="en",
        country="US",
        directors=("Fred C. Newmeyer", "Sam Taylor"),
        cast=(
            ("Harold Lloyd", "The Boy"),
            ("Mildred Davis", "The Girl"),
            ("Bill Strother", "The Pal"),
            ("Noah Young", "The Law"),
            ("Westcott Clarke", "The Floorwalker"),
        ),
        genres=("Comedy", "Romance"),
        tagline="Twelve floors. No rope. Half past two.",
        synopsis=(
            "A boy from the country has gone to the city to make good and writes home that he practically runs the "
            "department store, although he sells cloth by the yard at the counter. When his sweetheart comes to see "
            "for herself, he needs a thousand dollars by tomorrow, and offers the manager a stunt: a human fly will "
            "climb the building at noon. His friend was meant to do the climbing. One policeman, several pigeons, a "
            "tennis net and a large clock later, he is still only halfway up."
        ),
        certification="U",
        palette=("#f3c63f", "#d2382a", "#1d1d1f", "#fbf3df"),
    ),
    Film(
        tmdb_id=9_000_010,
        slug="sherlock-jr",
        title="Sherlock Jr.",
        original_title="Sherlock Jr.",
        released_on=date(1924, 4, 21),
        runtime_minutes=45,
        language="en",
        country="US",
        directors=("Buster Keaton",),
        cast=(
            ("Buster Keaton", "The projectionist / Sherlock Jr."),
            ("Kathryn McGuire", "The girl"),
            ("Joe Keaton", "The girl's father"),
            ("Erwin Connelly", "The hired man / The butler"),
            ("Ward Crane", "The local sheik / The villain"),
        ),
        genres=("Comedy", "Mystery", "Fantasy"),
        tagline="He fell asleep in the booth and woke up in the picture.",
        synopsis=(
            "A young projectionist is studying to be a detective from a book, and would like to give the girl a "
            "bigger box of chocolates. Framed for the theft of a watch, he goes back to his booth, falls asleep "
            "beside the machine, and his dreaming self walks down the aisle and climbs into the film. There he is the "
            "great Sherlock Jr., with exploding billiard balls to dodge and a motorcycle whose driver fell off some "
            "miles ago. Three quarters of an hour, and not one of its tricks has been bettered."
        ),
        certification="U",
        palette=("#1f3a5f", "#f2b632", "#f5ecd7", "#d1492e"),
    ),
    Film(
        tmdb_id=9_000_011,
        slug="the-gold-rush",
        title="The Gold Rush",
        original_title="The Gold Rush",
        released_on=date(1925, 6, 26),
        runtime_minutes=95,
        language="en",
        country="US",
        directors=("Charlie Chaplin",),
        cast=(
            ("Charlie Chaplin", "The Lone Prospector"),
            ("Georgia Hale", "Georgia"),
            ("Mack Swain", "Big Jim McKay"),
            ("Tom Murray", "Black Larsen"),
            ("Malcolm Waite", "Jack Cameron"),
            ("Henry Bergman", "Hank Curtis"),
        ),
        genres=("Comedy", "Adventure", "Drama"),
        tagline="Dinner is served: one boot, well done.",
        synopsis=(
            "A small man with a cane walks into the Klondike in the middle of winter, followed by a bear that he "
            "never notices. Snowed in with a giant prospector who begins to see him as a chicken, he boils his boot "
            "and winds the laces on a fork like spaghetti. Down in the town he falls for a dance-hall girl who hardly "
            "knows he is there, lays a table for New Year's Eve and waits. And there is still the matter of the "
            "cabin, which the storm has moved to the very edge of the cliff."
        ),
        certification="U",
        palette=("#dfe9ee", "#e0a526", "#1f2a33", "#6f93a8"),
    ),
    Film(
        tmdb_id=9_000_012,
        slug="the-kid",
        title="The Kid",
        original_title="The Kid",
        released_on=date(1921, 1, 21),
        runtime_minutes=68,
        language="en",
        country="US",
        directors=("Charlie Chaplin",),
        cast=(
            ("Charlie Chaplin", "The Tramp"),
            ("Jackie Coogan", "The Child"),
            ("Edna Purviance", "The Woman"),
            ("Carl Miller", "The Man"),
            ("Tom Wilson", "The Policeman"),
            ("Henry Bergman", "The night shelter keeper"),
        ),
        genres=("Comedy", "Drama", "Family"),
        tagline="A smile, and perhaps a tear.",
        synopsis=(
            "A tramp finds a bundle beside the dustbins and tries to give it back to the street; the street declines. "
            "Five years later the two of them are partners: the boy breaks windows, and round the corner comes the "
            "man who mends them. Their attic has one blanket with a hole for each head, and pancakes are shared to "
            "the crumb. Then the county's van arrives to take the child to the orphanage, and a man who has never "
            "hurried in his life runs over the roofs."
        ),
        certification="U",
        palette=("#e9b872", "#2f4b5c", "#241c17", "#c5502f"),
    ),
)
