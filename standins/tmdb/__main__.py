from standins.http import argument_parser, run_until_stopped
from standins.tmdb import make

parser = argument_parser("A local server that speaks TMDb's API.", default_port=8003)
parser.add_argument("--rate-limit", type=int, default=40, help="requests a second before 429 (default %(default)s)")
arguments = parser.parse_args()
run_until_stopped(make(host=arguments.host, port=arguments.port, requests_per_second=arguments.rate_limit), name="TMDb")
