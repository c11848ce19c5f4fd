"""The page of the Paystack stand-in where faults are switched on and off, as a browser without JavaScript meets it."""

import re

import pytest
import requests

from standins.paystack.faults import FAULTS, Stage


@pytest.fixture
def browse(client):
    """Open /faults, or send one of its forms when there are fields. Follows redirects, as a browser does."""

    def send(path: str = "/faults", **fields: str) -> requests.Response:
        url = client.server.base_url + path
        return requests.post(url, data=fields, timeout=5) if fields else requests.get(url, timeout=5)

    return send


def on(client):
    return client.control("GET", "/faults")["on"]


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_the_page_lists_every_fault_by_stage_with_what_it_does(browse):
    page = browse()
    assert page.status_code == 200
    for stage in Stage:
        assert stage in text_of(page)
    for name, fault in FAULTS.items():
        assert f'id="{name}"' in page.text
        assert fault.about.split('"')[0] in page.text.replace("&#x27;", "'")
    assert "<script" not in page.text


def test_every_fault_can_be_switched_on_with_what_its_form_shows_and_off_again(client, browse):
    forms = re.findall(r'<details.*?name="fault" value="(\w+)".*?</details>', browse().text, re.DOTALL)
    assert forms == sorted(FAULTS, key=lambda name: list(Stage).index(FAULTS[name].stage))
    for name in forms:
        form = re.search(rf'name="fault" value="{name}".*?</details>', browse().text, re.DOTALL)[0]
        typed = re.search(r'name="value"[^>]* value="([^"]*)"', form)
        chosen = re.search(r'<select name="value">.*?value="([^"]*)" selected', form)
        value = (typed or chosen)[1].replace("&quot;", '"') if typed or chosen else ""
        assert browse(fault=name, value=value, times="", operation="", reference="").status_code == 200
    assert [(row["fault"], row["value"]) for row in on(client)] == [(name, FAULTS[name].default) for name in forms]
    page = browse("/faults/off", rule=str(on(client)[0]["id"]))
    assert page.url == f"{client.server.base_url}/faults#on"
    assert len(on(client)) == len(FAULTS) - 1
    assert "Nothing: all goes well." in browse("/faults/off", rule="all").text
    assert on(client) == []


def test_a_fault_can_be_narrowed_to_a_payment_a_call_and_so_many_times(client, browse):
    page = browse(fault="delay", value="0.5", times="2", operation="verify", reference="MV-1")
    (rule,) = on(client)
    assert (rule["value"], rule["times"], rule["operation"], rule["reference"]) == (0.5, 2, "verify", "MV-1")
    assert "Seconds: 0.5; payment MV-1; only verify; 2 more times" in text_of(page)
    client.get("/transaction/verify/MV-1")
    assert "once more" in text_of(browse())
    client.get("/transaction/verify/MV-1")
    assert on(client) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"fault": "delay", "value": "soon"}, "Seconds: a number from 0 to 86,400."),
        ({"fault": "delay", "value": "nan"}, "Seconds: a number from 0 to 86,400."),
        ({"fault": "delay", "value": "-1"}, "Seconds: a number from 0 to 86,400."),
        ({"fault": "webhook_duplicate", "value": "2.5"}, "How many times: a whole number from 1 to 1,000."),
        ({"fault": "refund_outcome", "value": "lost"}, "End: one of processed, failed, needs-attention."),
        ({"fault": "metadata", "value": "{"}, "Value in JSON: such as"),
        ({"fault": "metadata", "value": "[" * 100_000}, "Value in JSON: such as"),
        (
            {"fault": "webhook_wrong_signature", "value": "a\r\nb"},
            "Signature: from 1 to 200 printable ASCII characters.",
        ),
        ({"fault": "reset", "times": "0"}, "Times: a whole number above 0"),
        ({"fault": "reset", "times": "9" * 5_000}, "Times: a whole number above 0"),
        ({"fault": "reset", "operation": "charge.success"}, "reset can be narrowed to initialize, verify"),
        ({"fault": "refund_stuck", "operation": "refund"}, "refund_stuck can be narrowed to no operation."),
        ({"fault": "reset", "reference": "MV 1"}, "Reference: letters, digits and - . = alone."),
    ],
)
def test_a_bad_value_is_told_in_a_sentence_and_what_was_typed_stays(client, browse, fields, sentence):
    page = browse(**{"value": "", "times": "7", "operation": "", "reference": "MV-7"} | fields)
    assert page.status_code == 400
    form = re.search(rf'<details class="card" id="{fields["fault"]}" open>.*?</details>', page.text, re.DOTALL)[0]
    assert sentence in form
    assert f'name="times" inputmode="numeric" autocomplete="off" value="{fields.get("times", "7")}"' in form
    assert f'name="reference" autocomplete="off" value="{fields.get("reference", "MV-7")}"' in form
    assert page.text.count(" open>") == 1
    assert on(client) == []


def test_an_unknown_fault_or_rule_changes_nothing(client, browse):
    browse(fault="reset", value="")
    assert "There is no such fault." in browse(fault="fire").text
    for rule in ("999", "x", "9" * 5_000, "²"):
        assert browse("/faults/off", rule=rule).status_code == 200
    assert len(on(client)) == 1


def test_looking_changes_nothing(client, browse):
    browse(fault="reset", value="")
    assert browse("/faults?fault=delay&value=3").status_code == 200
    assert browse("/faults/off?rule=all").status_code == 405
    assert len(on(client)) == 1


def test_the_faults_of_a_payment_are_its_own_and_those_of_all(client, browse):
    for reference in ("MV-1", "MV-2", ""):
        browse(fault="delay", value="3", reference=reference)
    text = text_of(browse("/faults?reference=MV-1"))
    assert "Faults of MV-1" in text
    assert "payment MV-1" in text
    assert "every payment" in text
    assert "MV-2" not in text


def test_a_payments_page_fills_in_its_reference_and_comes_back_to_it(client, browse):
    assert browse("/faults?reference=MV-1").text.count('name="reference" autocomplete="off" value="MV-1"') == len(
        FAULTS
    )
    page = browse("/faults?reference=MV-1", fault="reset", reference="MV-1")
    assert page.url.endswith("/faults?reference=MV-1#on")


def test_a_reference_with_markup_is_shown_as_text(browse):
    page = browse("/faults?reference=%22%3E%3Cimg+src%3Dx%3E")
    assert "<img" not in page.text
    assert "&lt;img" in page.text


def test_home_and_checkout_lead_to_the_faults_of_a_payment(client, browse):
    started = client.initialize()
    for page in (browse("/"), client.visit(started)):
        assert 'href="/faults?reference=MV-1"' in page.text
    client.faults.add("reset", operation="list")
    assert "Faults (1 on)" in browse("/").text


def test_what_is_held_back_can_be_sent_from_the_home_page(client, receiver, browse):
    client.faults.add("webhook_held")
    client.paid()
    assert "Send what is held back (1)" in browse("/").text
    page = browse("/_standin/dashboard/release", go="1")
    receiver.wait_for(1)
    assert "held back" not in page.text
