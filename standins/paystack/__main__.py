"""python -m standins.paystack: serve until stopped."""

from standins.http import argument_parser, run_until_stopped
from standins.paystack import PaystackServer
from standins.paystack.config import Config, config_from_environment


def main() -> None:
    defaults = Config()
    parser = argument_parser("A local stand-in for Paystack. No real money moves.", default_port=8002)
    parser.add_argument(
        "--state", default="", help="SQLite file that keeps transactions over a restart (default: none)"
    )
    parser.add_argument(
        "--refund-step",
        type=float,
        default=defaults.refund_step_seconds,
        help="seconds from one refund state to the next",
    )
    parser.add_argument(
        "--speed",
        type=float,
        default=defaults.speed,
        help="how many times faster webhooks are tried again than for real",
    )
    parser.add_argument("--ladder", choices=("test", "live"), default=defaults.ladder, help="spacing of webhook tries")
    options = parser.parse_args()
    try:
        config = Config(
            state_path=options.state,
            refund_step_seconds=options.refund_step,
            speed=options.speed,
            ladder=options.ladder,
            **config_from_environment(),
        )
    except ValueError as error:
        parser.error(str(error))
    run_until_stopped(PaystackServer(config, host=options.host, port=options.port), "Paystack")


main()
