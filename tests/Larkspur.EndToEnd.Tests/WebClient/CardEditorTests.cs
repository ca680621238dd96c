using Larkspur.EndToEnd.Tests.Processes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>The page of cards as <c>larkspur emulator</c> has it: the words of <c>larkspur cards validate</c>, and changes at a click.</summary>
public sealed class CardEditorTests(ChromiumFixture chromium) : IAsyncLifetime
{
    private const string Packed = "{\n  \"msg_type\": \"interactive\",\n  \"card\": {\n    \"schema\": \"2.0\",\n"
        + "    \"body\": { \"elements\": [{ \"tag\": \"markdown\", \"content\": \"**Hello**\" }] }\n  }\n}\n";

    private const string Faulty = "{\n  \"schema\": \"2.0\",\n  \"body\": { \"elements\": [\n    { \"tag\": \"markdwon\", \"content\": \"a\" },\n"
        + "    { \"tag\": \"hr\", \"margin\": \"4\" },\n    { \"tag\": \"hologram\" }\n  ] }\n}\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-editor-").FullName;
    private LarkspurProcess _emulator = null!;
    private Uri _address = null!;

    public async ValueTask InitializeAsync()
    {
        _address = GatewayProcess.FreeAddress();
        _emulator = LarkspurProcess.Start("emulator", _folder, new Dictionary<string, string> { ["LARKSPUR_EMULATOR_URLS"] = _address.ToString().TrimEnd('/') });
        await _emulator.AnswersAsync(_address);
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_packed_card_is_not_called_good_and_a_click_unpacks_it()
    {
        var page = await OpenAsync("en", Packed);
        await Expect(page.Locator(".finding code")).ToHaveTextAsync("card.wrapped");
        await Expect(page.Locator(".finding-fix")).ToContainTextAsync("the card's JSON itself");
        await Expect(page.Locator(".lint-platform")).ToContainTextAsync("takes this card");
        await Expect(page.Locator(".lint-good")).ToHaveCountAsync(0);
        await page.ClickAsync("[data-mend='0']");
        await Expect(page.Locator(".lint-good")).ToBeVisibleAsync();
        await Expect(page.Locator(".frame-desktop .card-md")).ToHaveTextAsync("Hello");
        await page.FocusAsync("#card-json");
        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator("#card-json")).ToHaveValueAsync(Packed);
    }

    [Fact]
    public async Task All_that_can_be_mended_is_and_the_rest_says_what_to_do_as_the_command_does()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "faulty.json"), Faulty, TestContext.Current.CancellationToken);
        var page = await OpenAsync("zh", Faulty);
        await Expect(page.Locator(".findings li")).ToHaveCountAsync(3);
        await Expect(page.Locator("json-editor .gutter b.error")).ToHaveTextAsync(["4", "5", "6"]);
        var rules = await page.Locator(".finding code").AllInnerTextsAsync();
        var told = (await Commands.Cli.RunAsync(["cards", "validate", "faulty.json", "--json"], _folder, key: "")).Is(1).Json;
        Assert.Equal(rules, told.GetProperty("files")[0].GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("rule").GetString()!));

        await page.ClickAsync("[data-mend=all]");
        await Expect(page.Locator(".finding code")).ToHaveTextAsync(["card.unknown-tag"]);
        var mended = await page.InputValueAsync("#card-json");
        (await Commands.Cli.RunAsync(["cards", "validate", "faulty.json", "--fix"], _folder, key: "")).Is(1, "card.unknown-tag");
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(_folder, "faulty.json"), TestContext.Current.CancellationToken), mended);
        Assert.Equal(Faulty.Replace("markdwon", "markdown", StringComparison.Ordinal).Replace("\"4\"", "\"4px\"", StringComparison.Ordinal), mended);
    }

    [Fact]
    public async Task The_editor_is_written_in_with_the_keyboard_alone_and_does_not_keep_it()
    {
        var page = await OpenAsync("en", "");
        await page.FocusAsync("#card-json");
        await page.Keyboard.TypeAsync("{");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("\"schema\": \"2.0\",");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("\"body\": {}");
        await Expect(page.Locator("#card-json")).ToHaveValueAsync("{\n  \"schema\": \"2.0\",\n    \"body\": {}");
        await Expect(page.Locator("json-editor .paint .key")).ToHaveTextAsync(["\"schema\"", "\"body\""]);
        await Expect(page.Locator("json-editor .paint .string")).ToHaveTextAsync("\"2.0\"");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Tab");
        Assert.False(await page.EvaluateAsync<bool>("document.activeElement.id === 'card-json'"), "Escape and Tab leave the editor.");
    }

    [Fact]
    public async Task A_long_card_is_drawn_where_one_looks()
    {
        var elements = string.Join(",\n", Enumerable.Range(1, 190).Select(i => $"  {{\"tag\": \"markdown\", \"content\": \"line {i}\"}}"));
        var page = await OpenAsync("en", $"{{\"schema\": \"2.0\", \"body\": {{\"elements\": [\n{elements},\n  {{\"tag\": \"markdwon\"}}\n]}}}}");
        await page.ClickAsync(".finding");
        await Expect(page.Locator("json-editor .row.error")).ToContainTextAsync("markdwon");
        await Expect(page.Locator("json-editor .gutter b.error")).ToHaveTextAsync("192");
        Assert.True(await page.Locator("json-editor .row").CountAsync() < 120, "Lines out of sight are not drawn.");
        // What is drawn lies under what is typed.
        Assert.True(await page.EvaluateAsync<bool>("""
            (() => {
              const editor = document.querySelector('json-editor');
              const [field, row] = [editor.querySelector('textarea'), editor.shadowRoot.querySelector('.row.error')];
              const line = field.value.slice(0, field.selectionStart).split('\n').length;
              const top = field.getBoundingClientRect().top + 10 + (line - 1) * 20 - field.scrollTop;
              return Math.abs(row.getBoundingClientRect().top - top) < 2;
            })()
            """));
    }

    [Fact]
    public async Task The_editor_fits_a_phone_in_the_dark()
    {
        var page = await OpenAsync("zh", Faulty, width: 390, height: 844, scheme: ColorScheme.Dark);
        await Expect(page.Locator(".findings li")).ToHaveCountAsync(3);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= 390"), "Nothing may stick out on a phone.");
        await ChromiumFixture.PictureAsync(page, "card-editor-390-dark-zh", fullPage: true);
    }

    private async Task<IPage> OpenAsync(string language, string card, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await chromium.NewContextAsync(language, width, height);
        var page = await context.NewPageAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
        await page.GotoAsync($"{_address}cards?as=alice&lang={language}");
        await page.WaitForSelectorAsync("body[data-live]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        if (card.Length > 0)
        {
            await page.FillAsync("#card-json", card);
            await page.WaitForSelectorAsync(".lint", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
            await ChromiumFixture.PictureAsync(page, $"card-editor-{language}-{width}-{card.Length}");
        }

        return page;
    }
}
