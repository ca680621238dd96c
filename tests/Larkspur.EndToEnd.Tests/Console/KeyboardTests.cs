using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>The console without a mouse.</summary>
public sealed class KeyboardTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Somebody_without_a_mouse_logs_in_makes_a_key_copies_it_and_revokes_it()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.BrowserAsync();
        await page.GotoAsync(fixture.Address + "/console/login?back=/console/api-keys");
        await Expect(page.Locator("input[name=name]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("admin");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(ConsoleFixture.Password);
        await page.Keyboard.PressAsync("Enter");
        await ConsoleFixture.LiveAsync(page);
        await Expect(page.Locator("h1")).ToBeFocusedAsync();

        // The form that opens has the focus, and shows it.
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        var name = page.Locator(".lk-form [name=name]");
        await Expect(name).ToBeFocusedAsync();
        Assert.Equal("solid", await name.EvaluateAsync<string>("e => getComputedStyle(e).outlineStyle"));
        await page.Keyboard.TypeAsync("erp");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("[name=scope]").First).ToBeCheckedAsync();
        await name.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-copy]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-copy][data-copied]")).ToBeVisibleAsync();

        // An impatient second key does not ask a second time; Escape takes the question away, and the focus is back where it was.
        var revoke = page.Locator("tr[data-key=erp] .lk-danger");
        var dialog = page.Locator(".lk-dialog");
        await revoke.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToBeVisibleAsync();
        await revoke.EvaluateAsync("e => e.click()");
        await Expect(dialog.Locator("[data-cancel]")).ToBeFocusedAsync();
        await Expect(dialog).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(revoke).ToBeFocusedAsync();

        // Enter alone does nothing that cannot be undone: the safe button has the focus. Tab goes round within the dialog.
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.Locator("[data-cancel]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(revoke).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.Locator("[data-cancel]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(dialog.Locator("[data-yes]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(dialog.Locator("[data-cancel]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(dialog.Locator("[data-yes]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("tr[data-key=erp]")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }
}
