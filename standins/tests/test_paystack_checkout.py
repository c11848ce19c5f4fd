"""The hosted checkout page of the Paystack stand-in, as a browser without JavaScript meets it."""

import pytest
import requests

from standins.tests.paystack_client import CANCEL

RETURN = "https://movy.test/verify-payment?booking=7&trxref=MV-1&reference=MV-1"


def test_the_page_says_that_it_is_not_real(client):
    started = client.initialize()
    response = client.visit(started)
    assert response.status_code == 200
    assert "No real money moves" in response.text
    assert "NGN 3,500.00" in response.text
    assert "<script" not in response.text


def test_the_page_has_a_strict_policy_that_lets_the_payer_go_home(client):
    policy = client.visit(client.initialize()).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' https://movy.test" in policy
    assert "unsafe" not in policy


def test_the_page_is_found_under_its_bare_code_too(client):
    started = client.initialize()
    assert requests.get(f"{client.server.base_url}/{started['access_code']}", timeout=5).status_code == 200
    assert requests.get(f"{client.server.base_url}/checkout/nobodys", timeout=5).status_code == 404


@pytest.mark.parametrize("number", ["4084 0840 8408 4081", "4084084084084081", "4084-0840-8408-4081"])
def test_a_good_card_leads_back_with_both_names_of_the_reference(client, number):
    response = client.pay_by_card(client.initialize(), number, "408")
    assert (response.status_code, response.headers["Location"]) == (302, RETURN)
    assert client.verified()["status"] == "success"


@pytest.mark.parametrize(
    ("number", "cvv", "steps"),
    [
        ("507850785078507812", "081", {"pin": "1111"}),
        ("5060666666666666666", "123", {"pin": "1234", "otp": "123456"}),
        ("507850785078507804", "884", {"pin": "0000", "phone": "08011112222", "otp": "123456"}),
        ("5192602720584796", "123", {"bank": "approve"}),
    ],
)
def test_a_card_may_ask_for_more(client, number, cvv, steps):
    started = client.initialize()
    response = client.pay_by_card(started, number, cvv)
    for name, answer in steps.items():
        assert f'name="{name}"' in response.text
        assert client.verified()["status"] == ("ongoing" if name in ("otp", "bank") else "abandoned")
        response = client.visit(started, channel="card", **{name: answer})
    assert response.headers["Location"] == RETURN


def test_one_press_answers_every_question_of_a_test_card(client):
    response = client.pay_by_card(client.initialize(), "5060666666666666666", "123", pin="1234", otp="123456")
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("number", "cvv", "answers", "reason"),
    [
        ("4084080000005408", "001", {}, "Declined"),
        ("507850785078507853", "082", {"pin": "0000"}, "Token Not Generated"),
        ("4084080000670037", "787", {}, "Insufficient Funds"),
        ("5060666666666666666", "123", {"pin": "9999"}, "Incorrect PIN"),
        ("5192602720584796", "123", {"bank": "refuse"}, "Declined"),
    ],
)
def test_a_declined_card_keeps_the_payer_who_may_try_again(client, number, cvv, answers, reason):
    started = client.initialize()
    response = client.pay_by_card(started, number, cvv, **answers)
    assert response.status_code == 200
    assert f'role="alert">{reason}' in response.text
    assert (client.verified()["status"], client.verified()["gateway_response"]) == ("abandoned", reason)
    assert client.pay_by_card(started, "4084084084084081", "408").status_code == 302
    assert client.verified()["log"]["attempts"] == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"number": "4111111111111111"},
        {"number": ""},
        {"cvv": "999"},
        {"expiry": "12/20"},
        {"expiry": "13/39"},
        {"expiry": "soon"},
    ],
)
def test_a_mistyped_card_is_no_try(client, fields):
    card = {"channel": "card", "number": "4084084084084081", "cvv": "408", "expiry": "12/39"}
    response = client.visit(client.initialize(), **(card | fields))
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert client.verified()["log"] is None


def test_a_real_card_number_is_not_kept(client):
    client.visit(client.initialize(), channel="card", number="4111111111111111", cvv="408", expiry="12/39")
    assert client.server.account.payments.find("MV-1").entered == {}


@pytest.mark.parametrize("channel", ["bank_transfer", "ussd", "mobile_money"])
def test_the_other_channels_pay_fail_or_wait(client, channel):
    for action, status in (("paid", "success"), ("fail", "failed")):
        started = client.initialize(f"MV-{action}", channels=[channel])
        response = client.visit(started, channel=channel, action=action)
        assert client.verified(f"MV-{action}")["status"] == status
        assert (response.status_code == 302) == (status == "success")
    started = client.initialize("MV-wait", channels=[channel])
    assert client.visit(started, channel=channel, action="wait").status_code == 200
    assert client.verified("MV-wait")["status"] == ("pending" if channel == "ussd" else "ongoing")
    client.visit(started, channel=channel, action="paid")
    assert (client.verified("MV-wait")["status"], client.verified("MV-wait")["channel"]) == ("success", channel)


def test_only_the_channels_asked_for_are_offered(client):
    started = client.initialize(channels=["mobile_money"])
    assert "Card number" not in client.visit(started).text
    client.pay_by_card(started, "4084084084084081", "408")
    assert client.verified()["status"] == "abandoned"


def test_cancelling_leads_to_the_merchants_address(client):
    response = client.visit(client.initialize(), action="cancel")
    assert (response.status_code, response.headers["Location"]) == (302, CANCEL)
    assert client.verified()["status"] == "abandoned"


def test_cancelling_without_an_address_stays_here(client):
    response = client.visit(client.initialize(metadata=""), action="cancel")
    assert response.status_code == 200
    assert "Nothing was paid" in response.text


def test_a_cancel_address_must_be_one_for_browsers(client):
    response = client.visit(client.initialize(metadata={"cancel_action": "javascript:alert(1)"}), action="cancel")
    assert response.status_code == 200
    assert "javascript" not in response.text


def test_leaving_it_open_changes_nothing(client):
    started = client.initialize()
    assert client.visit(started, action="leave").status_code == 200
    assert client.verified()["status"] == "abandoned"
    assert client.pay_by_card(started, "4084084084084081", "408").status_code == 302


def test_paying_twice_pays_once(client, receiver):
    started = client.initialize()
    for _ in range(2):
        response = client.pay_by_card(started, "4084084084084081", "408")
        assert response.headers["Location"] == RETURN
    receiver.wait_for(1)
    assert client.verified()["log"]["attempts"] == 1
    assert len(client.control("GET", "/webhooks")) == 1
    assert "Paid already" in client.visit(started).text


def test_a_failed_payment_cannot_be_paid(client):
    started = client.initialize(channels=["ussd"])
    client.visit(started, channel="ussd", action="fail")
    assert "This payment failed" in client.visit(started, channel="ussd", action="paid").text
    assert client.verified()["status"] == "failed"


def test_without_a_callback_the_payer_stays(client):
    response = client.pay_by_card(client.initialize(callback_url=""), "4084084084084081", "408")
    assert response.status_code == 200
    assert "Thank you" in response.text


def test_a_session_may_time_out(client):
    assert client.get("/integration/payment_session_timeout").json()["data"] == {"payment_session_timeout": 0}
    assert client.call("PUT", "/integration/payment_session_timeout", {"timeout": 60}).status_code == 200
    started = client.initialize()
    client.server.account.payments.find("MV-1").created_at = "2020-01-01T00:00:00.000Z"
    assert "expired" in client.visit(started).text
    client.pay_by_card(started, "4084084084084081", "408")
    assert client.verified()["status"] == "abandoned"


def test_markup_in_names_is_shown_as_text(client):
    text = client.visit(client.initialize(label="<img src=x>")).text
    assert "&lt;img src=x&gt;" in text
    assert "<img" not in text


def test_the_dashboard_shows_what_happened_and_sends_again(client, receiver):
    client.paid()
    charged = receiver.wait_for(1)[0]
    client.refund_when(client.refund(1_000)["id"], "processed")
    receiver.wait_for(4)
    page = requests.get(client.server.base_url, timeout=5).text
    for part in ("MV-1", "refund.processed", "charge.success", "Send again"):
        assert part in page
    delivery = client.control("GET", "/webhooks?event=charge.success")[0]["id"]
    requests.post(f"{client.server.base_url}/_standin/dashboard/resend", data={"delivery": delivery}, timeout=5)
    assert receiver.wait_for(5)[4] == charged
