using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

public sealed class CardStreamingTests(ChromiumFixture chromium)
{
    private const string Card = """
        {"schema":"2.0","config":{"streaming_mode":true,"streaming_config":{"print_frequency_ms":{"default":50},"print_step":{"default":2},"print_strategy":"delay"}},
         "header":{"title":{"tag":"plain_text","content":"Assistant"}},
         "body":{"elements":[{"tag":"markdown","element_id":"answer","content":"One"}]}}
        """;

    [Fact]
    public async Task Streamed_text_is_typed_and_the_chat_list_says_that_it_is_being_made()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Address) };
        var token = await CallAsync(http, HttpMethod.Post, "/open-apis/auth/v3/tenant_access_token/internal", new { app_id = EmulatorSettings.DefaultAppId, app_secret = EmulatorSettings.DefaultAppSecret });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token["tenant_access_token"]!.GetValue<string>());
        var id = (await CallAsync(http, HttpMethod.Post, "/open-apis/cardkit/v1/cards", new { type = "card_json", data = Card }))["data"]!["card_id"]!.GetValue<string>();
        await CallAsync(http, HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=user_id",
            new { receive_id = "alice", msg_type = "interactive", content = JsonSerializer.Serialize(new { type = "card", data = new { card_id = id } }) });

        var page = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"));
        var text = page.Locator(".card [data-typed=answer]");
        await Expect(text).ToHaveTextAsync("One");
        await Expect(page.Locator("#chats .current .preview")).ToHaveTextAsync("[Generating…]");

        // What stands there while the rest is typed is watched from inside the page: a look from outside may come too late.
        await page.EvaluateAsync("window.seen = []; new MutationObserver(() => { const t = document.querySelector('[data-typed=answer]'); if (t) window.seen.push(t.textContent.trim().length); }).observe(document.querySelector('#messages'), { childList: true, subtree: true, characterData: true })");
        var whole = "One " + string.Join(' ', Enumerable.Repeat("word", 20));
        await CallAsync(http, HttpMethod.Put, $"/open-apis/cardkit/v1/cards/{id}/elements/answer/content", new { content = whole, sequence = 1 });
        await Expect(text).ToHaveTextAsync(whole, new LocatorAssertionsToHaveTextOptions { Timeout = 20_000 });
        var seen = await page.EvaluateAsync<int[]>("window.seen");
        Assert.Contains(seen, n => n > 3 && n < whole.Length);

        await CallAsync(http, HttpMethod.Put, $"/open-apis/cardkit/v1/cards/{id}/elements/answer/content", new { content = "Something else", sequence = 2 });
        await Expect(text).ToHaveTextAsync("Something else");
        await CallAsync(http, HttpMethod.Patch, $"/open-apis/cardkit/v1/cards/{id}/settings", new { settings = """{"config":{"streaming_mode":false}}""", sequence = 3 });
        await Expect(page.Locator("#chats .current .preview")).ToHaveTextAsync("[Card] Assistant");
        await Expect(page.Locator(".card .card-md")).ToHaveTextAsync("Something else");
        Assert.Empty(fixture.PageErrors);
    }

    private static async Task<JsonObject> CallAsync(HttpClient http, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var response = await http.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        return answer["code"]!.GetValue<int>() == 0 ? answer : throw new InvalidOperationException(answer.ToJsonString());
    }
}
