using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Tables;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>The seeded ledger, which Alice and Bob have open, and an app that reads and writes it by the API.</summary>
internal sealed class TableFixture(WebClientFixture fixture) : IAsyncDisposable
{
    private const string Root = $"/open-apis/bitable/v1/apps/{SeededTables.Ledger}";
    private readonly HttpClient _http = new() { BaseAddress = new Uri(fixture.Address) };

    /// <summary>Events of a type that were pushed to the app, in their order; waits for so many.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string type, int count)
    {
        await fixture.EventsAsync(type, count);
        return
        [
            .. fixture.Events.Where(e => e.GetProperty("header").GetProperty("event_type").GetString() == type)
                .Select(e => e.GetProperty("event")),
        ];
    }

    public async Task<JsonElement> EventAsync(string type) => (await EventsAsync(type, 1))[0];

    /// <summary>The app hears of the ledger from now on.</summary>
    public async Task SubscribeAsync()
    {
        using var answer = await _http.PostAsync($"/open-apis/drive/v1/files/{SeededTables.Ledger}/subscribe?file_type=bitable", null,
            TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public static string Path => $"/tables/{SeededTables.Ledger}/{SeededTables.Orders}";

    public WebClientFixture Client => fixture;

    public EmulatorState State => fixture.State;

    public DataTable Table => State.Base(SeededTables.Ledger)!.Table(SeededTables.Orders)!;

    public static async Task<TableFixture> StartAsync(ChromiumFixture chromium)
    {
        var made = new TableFixture(await WebClientFixture.StartAsync(chromium));
        made.State.ChangeDocument(SeededTables.Ledger, d => d with { LinkShare = "tenant_editable" });
        using var answer = await made._http.PostAsJsonAsync("/open-apis/auth/v3/tenant_access_token/internal",
            new { app_id = made.State.Apps[0].AppId, app_secret = made.State.Apps[0].AppSecret }, TestContext.Current.CancellationToken);
        var token = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["tenant_access_token"];
        made._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token!.GetValue<string>());
        return made;
    }

    /// <summary>Opens the table's page, and waits until its first row is there.</summary>
    public async Task<IPage> OpenAsync(string person = "alice", string language = "en", int width = 1280, int height = 800)
    {
        var page = await fixture.OpenPathAsync($"{Path}?as={person}", language, width, height,
            async page => await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]));
        await Expect(page.Locator(".row").First).ToBeVisibleAsync();
        return page;
    }

    /// <summary>The cell of a field in the row with that place from 0.</summary>
    public ILocator Cell(IPage page, int place, string field) =>
        page.Locator($".row[aria-rowindex='{place + 2}'] [data-field='{Table.FieldNamed(field)!.FieldId}']");

    /// <summary>Clicks a row's number, which selects the row.</summary>
    public static Task ChooseRowAsync(IPage page, string recordId) =>
        page.Locator($".row[data-record='{recordId}'] .num-cell").ClickAsync(new() { Position = new() { X = 8, Y = 18 } });

    public async Task<JsonObject> ApiAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, Root + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var read = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        Assert.True(read["code"]!.GetValue<long>() == 0, read.ToJsonString());
        return read["data"]!.AsObject();
    }

    /// <summary>What the API reads in the row's cell, as JSON.</summary>
    public async Task<string?> ReadAsync(string recordId, string field)
    {
        var read = await ApiAsync(HttpMethod.Post, $"/tables/{SeededTables.Orders}/records/batch_get",
            new { record_ids = new[] { recordId } });
        return read["records"]![0]!["fields"]![field]?.ToJsonString();
    }

    public Task WriteAsync(string recordId, object fields) =>
        ApiAsync(HttpMethod.Put, $"/tables/{SeededTables.Orders}/records/{recordId}", new { fields });

    /// <summary>Does something to the page, and waits until the emulator has answered what the page sent for it.</summary>
    public static Task SentAsync(IPage page, string what, Func<Task> act) =>
        page.RunAndWaitForResponseAsync(act, response => response.Url.EndsWith("/" + what, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await fixture.DisposeAsync();
    }
}
