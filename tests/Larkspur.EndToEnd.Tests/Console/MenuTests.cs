using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>The navigation where the page has no room beside it.</summary>
public sealed class MenuTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("zh", ColorScheme.Dark, 390, 664)]
    [InlineData("en", ColorScheme.Light, 768, 900)]
    public async Task The_open_menu_shows_every_page_and_the_way_out(string language, ColorScheme theme, int width, int height)
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(language: language, theme: theme, width: width, height: height);
        await Expect(page.Locator(".lk-side nav")).ToBeHiddenAsync();
        // By keyboard: it is a checkbox.
        await page.Locator("#lk-menu").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator(".lk-side nav")).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, $"menu-{language}-{width}");
        var brand = await page.Locator(".lk-brand").BoundingBoxAsync();
        var first = await page.Locator(".lk-side nav a").First.BoundingBoxAsync();
        Assert.True(brand!.Y < 20 && brand.Y + brand.Height <= first!.Y, $"The name stands at {brand.Y} to {brand.Y + brand.Height}, the first page at {first!.Y}");
        foreach (var part in (ILocator[])[page.Locator(".lk-side nav a").Last, page.Locator(".lk-me-name"), page.Locator(".lk-me form button")])
        {
            await part.ScrollIntoViewIfNeededAsync();
            var box = await part.BoundingBoxAsync();
            Assert.True(box!.X >= 0 && box.X + box.Width <= width && box.Y >= 0 && box.Y + box.Height <= height, $"{box.X},{box.Y} {box.Width}x{box.Height}");
            Assert.True(await part.EvaluateAsync<bool>("e => e.contains(document.elementFromPoint(e.getBoundingClientRect().x + 4, e.getBoundingClientRect().y + 4))"));
        }

        await ConsoleFixture.FitsAsync(page);
        await page.Locator(".lk-me form button").ClickAsync();
        await Expect(page.Locator("input[name=password]")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }
}
