"""Notifications in the browser; the push service of its maker, which no test can reach, is stood in for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from stand_in.browser_subscription import BrowserSubscription

Open = Callable[..., Any]
# In the place of the browser's own, which would ask its maker's push service.
SUBSCRIBE = """(subscription) => {
  let held = null;
  PushManager.prototype.getSubscription = async () => held;
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly || options.applicationServerKey.length < 80) throw new Error("not as asked for");
    held = { toJSON: () => subscription, unsubscribe: async () => { held = null; return true; } };
    return held;
  };
}"""


def test_a_device_is_told_and_told_no_more(visit: Open, somebody: Callable[[], Person]) -> None:
    person = somebody()
    window = visit(person, "#/settings", permissions=["notifications"])
    page = window.page
    page.evaluate(SUBSCRIBE, BrowserSubscription().as_json())
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    switch = page.get_by_label("Notify me on this device")
    switch.check()
    _until(page, lambda: len(person.expect("GET", "/v1/notifications")["subscriptions"]) == 1)
    switch.uncheck()
    _until(page, lambda: person.expect("GET", "/v1/notifications")["subscriptions"] == [])


def test_signing_out_leaves_no_device_behind(visit: Open, somebody: Callable[[], Person]) -> None:
    person = somebody()
    window = visit(person, "#/settings", permissions=["notifications"])
    page = window.page
    page.evaluate(SUBSCRIBE, BrowserSubscription().as_json())
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.get_by_label("Notify me on this device").check()
    _until(page, lambda: len(person.expect("GET", "/v1/notifications")["subscriptions"]) == 1)
    window.button("Sign out").click()
    window.heading("Sign in")
    assert person.expect("GET", "/v1/notifications")["subscriptions"] == []


def test_signing_out_while_the_device_registers_leaves_none_behind(visit: Open, somebody: Callable[[], Person]) -> None:
    person = somebody()
    window = visit(person, "#/settings", permissions=["notifications"])
    page = window.page
    page.evaluate(SUBSCRIBE, BrowserSubscription().as_json())
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def slowly(route: Any) -> None:
        answer = route.fetch()
        page.wait_for_timeout(500)
        route.fulfill(response=answer)

    page.route(
        "**/v1/notifications", lambda route: slowly(route) if route.request.method == "POST" else route.continue_()
    )
    page.get_by_label("Notify me on this device").check()
    window.button("Sign out").click()
    window.heading("Sign in")
    assert person.expect("GET", "/v1/notifications")["subscriptions"] == []


def _until(page: Any, done: Callable[[], bool]) -> None:
    # The page gets on only while Playwright is the one who waits.
    wait_for(done, seconds=5, sleep=lambda seconds: page.wait_for_timeout(1000 * seconds))


def test_without_permission_it_says_what_to_do(visit: Open, known: Person) -> None:
    window = visit(known, "#/settings")
    page = window.page
    page.evaluate("Notification.requestPermission = async () => 'denied'")
    page.get_by_label("Notify me on this device").click()
    assert "Allow them for this page" in window.alert()
    assert not page.get_by_label("Notify me on this device").is_checked()


def test_a_push_becomes_a_notification(whole_browser: Browser, visit: Open, known: Person) -> None:
    window = visit(known, browser=whole_browser, permissions=["notifications"])
    page = window.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session = page.context.new_cdp_session(page)
    registrations: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(each["registrationId"] for each in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    message = {"title": "Today's picture", "body": "Show up.", "tag": "2026-11-20-daily", "url": "/#/today"}
    push = {"origin": page.url.partition("/#")[0].rstrip("/"), "registrationId": registrations[-1]}
    for _ in range(2):
        session.send("ServiceWorker.deliverPushMessage", {**push, "data": json.dumps(message)})
    page.wait_for_timeout(500)
    shown = page.evaluate(
        "navigator.serviceWorker.ready.then((r) => r.getNotifications())"
        ".then((all) => all.map((each) => [each.title, each.body, each.tag, each.data.url]))"
    )
    assert shown == [list(message.values())]
