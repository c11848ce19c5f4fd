"""Films that never were, one for each thing in TMDb's data that can trip an importer. No name is real."""

from standins.tmdb.films import Film, Release, Translation, Video

MERGED_ID = 9_900_099  # was a film once; TMDb merged it into another and answers 404

WITHOUT_POSTER = Film(id=9_900_001, title="The Unphotographed Hour", released="2024-03-08", has_pictures=False)
WITHOUT_OVERVIEW = Film(
    id=9_900_002,
    title="Quiet Market",
    original_language="fr",
    original_title="Le marché silencieux",
    released="2023-10-04",
    countries=("FR",),
    translations={"fr": Translation("Le marché silencieux", "Un marché se tait pendant un jour.", "Chut.")},
)
WITHOUT_RUNTIME = Film(id=9_900_003, title="Length Unknown", overview="Untimed.", released="2025-01-31", runtime=0)
RUNTIME_NULL = Film(id=9_900_004, title="Length Null", overview="Also untimed.", released="2025-02-14", runtime=None)
UNRATED_IN_NIGERIA = Film(
    id=9_900_005,
    title="Rated Elsewhere",
    overview="Rated in London and Washington, not in Lagos.",
    released="2025-05-02",
    releases={"GB": (Release("12A"),), "US": (Release("PG-13"),)},
)
RATED_THREE_TIMES = Film(
    id=9_900_006,
    title="Three Opinions",
    overview="A premiere, a small release and a wide one, each rated anew.",
    released="2025-06-20",
    releases={
        "NG": (Release("18", kind=1), Release("15", kind=2), Release("12", kind=3), Release("PG", kind=4)),
        "GH": (Release("", kind=3), Release("15", kind=2)),
        "KE": (Release("GE", kind=5),),
    },
)
MANY_DIRECTORS = Film(
    id=9_900_007,
    title="Four Chairs",
    overview="Four directors tell one afternoon.",
    released="2022-09-09",
    crew=(
        ("Ngozi Abara", "Director"),
        ("Tunde Falade", "Director"),
        ("Ama Serwah", "Screenplay"),
        ("Kiprono Metto", "Director"),
        ("Zola Mabaso", "Director"),
    ),
    cast=(("Bisi Adewunmi", "Herself"),),
)
WITHOUT_VIDEOS = Film(id=9_900_008, title="No Moving Pictures", overview="It has no trailer.", released="2024-11-01")
UNOFFICIAL_TRAILER = Film(
    id=9_900_009,
    title="Made by Fans",
    overview="Its only trailer was cut by admirers.",
    released="2024-12-06",
    videos=(Video("fanCut_0001", official=False), Video("teaser_0002", kind="Teaser")),
)
VIMEO_ONLY = Film(
    id=9_900_010,
    title="The Other Site",
    overview="Its trailer lives where few look.",
    released="2024-07-19",
    videos=(Video("123456789", site="Vimeo"),),
)
MANY_TRAILERS = Film(
    id=9_900_011,
    title="Trailer Park",
    overview="More trailers than scenes.",
    released="2025-08-15",
    videos=(
        Video("older_trailr", published_at="2025-01-01T00:00:00.000Z"),
        Video("newer_trailr", published_at="2025-07-01T00:00:00.000Z"),
        Video("fans_newest1", official=False, published_at="2025-08-01T00:00:00.000Z"),
        Video('"><script>alert(1)</script>', published_at="2026-01-01T00:00:00.000Z"),
    ),
)
LARGE_CAST = Film(
    id=9_900_012,
    title="Everybody in the Village",
    overview="Nobody was left to hold the camera.",
    released="2021-04-23",
    cast=tuple((f"Villager Number {n}", f"Neighbour {n}") for n in range(1, 46)),
    has_portraits=True,
)
JAPANESE = Film(
    id=9_900_013,
    title="The Paper Lighthouse",
    original_title="紙の灯台",
    original_language="ja",
    countries=("JP",),
    overview="A keeper folds a new light every night.",
    released="2020-02-07",
    translations={"ja": Translation("紙の灯台", "灯台守は毎晩新しい灯を折る。")},
)
ARABIC = Film(
    id=9_900_014,
    title="ليل القطن",
    original_title="ليل القطن",
    original_language="ar",
    countries=("EG",),
    overview="A night in the cotton fields, told from right to left.",
    released="2019-12-25",
    translations={"ar": Translation("ليل القطن", "ليلة في حقول القطن.")},
)
YORUBA = Film(
    id=9_900_015,
    title="Ọjọ́ Ìrìn Àjò",
    original_language="yo",
    countries=("NG",),
    overview="A day's journey with a stubborn goat.",
    released="2024-10-11",
    releases={"NG": (Release("PG"),)},
)
MARKUP = Film(
    id=9_900_016,
    title="<script>alert('Movy')</script> & Sons",
    overview='"It\'s <b>bold</b>," she said. <img src=x onerror=alert(1)> {{ 7|add:7 }}',
    tagline="Don't </title> me",
    released="2025-03-28",
    cast=(("Ò'Brien <i>Akpan</i>", "The “Quoted” \\ One"), ("Line\nBreak", "Tab\tCharacter\x00")),
    crew=(("D'Arcy & Daughter", "Director"),),
    homepage="javascript:alert(1)",
)
ADULT = Film(id=9_900_017, title="Behind the Curtain of Midnight", released="2018-01-01", adult=True)
CANCELED = Film(id=9_900_018, title="The Film That Stopped", released="", status="Canceled", overview="Never shot.")
FUTURE = Film(
    id=9_900_019,
    title="The Day after the Day after Tomorrow",
    overview="Announced long before its time.",
    released="2031-12-24",
    status="In Production",
    runtime=0,
)
VERY_LONG_TITLE = Film(
    id=9_900_020,
    title=("The Very Long and Winding Story of the Man Who Could Not Stop Naming Things " * 4).strip(),
    overview="An overview that goes on. " * 400,
    released="2022-02-22",
)
UNDATED = Film(id=9_900_021, title="When?", overview="Nobody wrote the date down.", released="", status="Planned")
WITHOUT_GENRES = Film(id=9_900_022, title="Beyond Drawers", overview="None fits.", released="2023-03-03", genre_ids=())
ACCENTS = Film(id=9_900_023, title="Crème Brûlée à Ségou", overview="A dessert in a desert.", released="2017-05-05")
OPENED_LAST_WEEK = Film(
    id=9_900_024,
    title="Harmattan Letters",
    overview="A postwoman delivers nothing but dust.",
    released_in_days=-7,
    popularity=50.0,
    releases={"NG": (Release("12"),)},
    cast=(("Efua Mensima", "Adoma"), ("Chidi Ugwu", "The Postmaster")),
    crew=(("Lerato Ndaba", "Director"),),
    videos=(Video("harmattan_01"),),
    has_portraits=True,
)
OPENS_NEXT_WEEK = Film(
    id=9_900_025,
    title="Second Rain",
    overview="The first one was only a rumour.",
    released_in_days=7,
    popularity=45.0,
    status="Post Production",
)
SAME_TITLE_OLD = Film(id=9_900_026, title="Market Day", overview="The first of the name.", released="1961-06-01")
SAME_TITLE_NEW = Film(id=9_900_027, title="Market Day", overview="The second of the name.", released="2023-06-01")
NAMED_AT_IMDB = Film(id=9_900_028, title="Found by Number", released="2016-08-08", imdb_id="tt99000028")

CASES = (
    WITHOUT_POSTER,
    WITHOUT_OVERVIEW,
    WITHOUT_RUNTIME,
    RUNTIME_NULL,
    UNRATED_IN_NIGERIA,
    RATED_THREE_TIMES,
    MANY_DIRECTORS,
    WITHOUT_VIDEOS,
    UNOFFICIAL_TRAILER,
    VIMEO_ONLY,
    MANY_TRAILERS,
    LARGE_CAST,
    JAPANESE,
    ARABIC,
    YORUBA,
    MARKUP,
    ADULT,
    CANCELED,
    FUTURE,
    VERY_LONG_TITLE,
    UNDATED,
    WITHOUT_GENRES,
    ACCENTS,
    OPENED_LAST_WEEK,
    OPENS_NEXT_WEEK,
    SAME_TITLE_OLD,
    SAME_TITLE_NEW,
    NAMED_AT_IMDB,
)
SERIES = tuple(  # more than two pages of results for one search
    Film(id=9_901_000 + n, title=f"Night Bus {n}", overview=f"Journey {n} of 45.", released=f"{1975 + n}-07-07")
    for n in range(1, 46)
)
INVENTED = CASES + SERIES
