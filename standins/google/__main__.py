from standins.google import make
from standins.http import argument_parser, run_until_stopped

parser = argument_parser("A local server that speaks Google's sign-in.", default_port=8004)
parser.add_argument("--base", default="", help="what iss says (default http://127.0.0.1:PORT)")
parser.add_argument(
    "--redirect-uri", action="append", default=[], help="allow only this (repeatable; default: any private host)"
)
arguments = parser.parse_args()
try:
    standin = make(
        host=arguments.host,
        port=arguments.port,
        base=arguments.base or f"http://127.0.0.1:{arguments.port}",
        redirect_uris=tuple(arguments.redirect_uri),
    )
except ValueError as error:
    parser.error(str(error))
run_until_stopped(standin, name="Google")
