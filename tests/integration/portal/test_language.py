"""The page in another language than English, in a real browser."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from demo.browser import Patient

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

Arrive = Callable[..., Patient]


def language(page: Page) -> list[str]:
    """Return the document's language and direction."""
    return list(page.evaluate("[document.documentElement.lang, document.documentElement.dir]"))


def test_the_browsers_language_is_spoken_from_the_form_to_the_waiting_room(spanish: Arrive) -> None:
    """A browser set to Spanish gets Spanish labels, errors, titles and lang, without a choice."""
    page = spanish().page
    assert language(page) == ["es", "ltr"]
    page.get_by_role("button", name="Entrar en la sala de espera").click()
    expect(page.get_by_text("Escriba su nombre.")).to_be_visible()
    page.get_by_label("Su nombre").fill("Paciente Prueba")
    page.get_by_label("Fecha de nacimiento").fill("1968-03-14")
    page.get_by_label("Motivo de la visita").fill("Tos")
    expect(page.locator("#consent-text")).to_contain_text("Acepto una visita por video")
    page.get_by_role("checkbox", name="Acepto").check()
    page.get_by_role("button", name="Entrar en la sala de espera").click()
    expect(page.get_by_role("heading", name="Está en la sala de espera")).to_be_focused()
    expect(page).to_have_title(re.compile("Esperando, es el próximo turno .* Clinic"))


def test_the_switch_changes_what_is_on_the_page_and_is_remembered(visitor: Arrive) -> None:
    """Errors and entries stay, their words change at once, and a reload keeps the choice."""
    person = visitor()
    page = person.page
    assert language(page) == ["en", "ltr"]
    page.get_by_label("Reason for visit").fill("Cough")
    page.get_by_role("button", name="Join the waiting room").click()
    expect(page.get_by_text("Enter your name.")).to_be_visible()
    page.get_by_role("checkbox", name="I agree").check()
    page.get_by_label("Language", exact=True).select_option(label="Español")
    expect(page.get_by_text("Escriba su nombre.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Acepto")).not_to_be_checked()
    expect(page.get_by_label("Motivo de la visita")).to_have_value("Cough")
    assert language(page) == ["es", "ltr"]
    page.reload()
    expect(page.get_by_role("heading", name="Regístrese para su visita")).to_be_visible()
    page.get_by_label("Idioma", exact=True).select_option(label="English")
    expect(page.get_by_role("heading", name="Check in for your visit")).to_be_visible()
    assert person.errors == []


def test_a_language_that_cannot_be_loaded_changes_nothing(visitor: Arrive) -> None:
    """The page stays as it is, and the switch shows what is read."""
    page = visitor().page
    page.route("**/locales/es.json", lambda route: route.abort())
    page.get_by_label("Language", exact=True).select_option(label="Español")
    expect(page.get_by_label("Language", exact=True)).to_have_value("en")
    assert language(page) == ["en", "ltr"]


def test_without_any_catalogue_the_page_says_so_in_english_and_tries_again(visitor: Arrive) -> None:
    """The document's own words are there when nothing can be loaded, and a second try succeeds."""
    page = visitor().page
    page.route("**/locales/*.json", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("heading", name="The visit can't be opened now")).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Check in for your visit")).to_be_visible()


def test_right_to_left_mirrors_the_page(visitor: Arrive) -> None:
    """With a language written from right to left, what stood left stands right, and nothing leaves the screen."""
    page = visitor().page

    def languages(route: Route) -> None:
        text = route.fetch().text()
        route.fulfill(
            body=text.replace('en: "English"', 'en: "English", ar: "العربية"'), content_type="text/javascript"
        )

    def arabic(route: Route) -> None:
        words = route.fetch(url=route.request.url.replace("ar.json", "en.json")).json()
        words["arrive"]["name"] = "اسمك"
        route.fulfill(body=json.dumps(words), content_type="application/json")

    left = page.locator("#clinic").bounding_box()
    page.route("**/i18n/languages.js", languages)
    page.route("**/locales/ar.json", arabic)
    page.evaluate("localStorage.setItem('carena-language', 'ar')")
    page.reload()
    expect(page.get_by_label("اسمك")).to_be_visible()
    assert language(page) == ["ar", "rtl"]
    right = page.locator("#clinic").bounding_box()
    assert left is not None
    assert right is not None
    width = page.evaluate("document.documentElement.clientWidth")
    assert left["x"] < width / 2 < right["x"] + right["width"]
    assert right["x"] + right["width"] == pytest.approx(width - left["x"], abs=1)
    for size in ((360, 740), (1180, 760)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
