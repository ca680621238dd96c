using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>What the inspector does with one call: by its platform, as JSON, as a command.</summary>
public sealed partial class InspectorCallTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Calls_and_pushes_are_shown_of_one_platform_and_the_choice_stays()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        await fixture.WeComSaysAsync("text", new { content = "from the application" });
        await fixture.DingTalkSaysAsync("sampleText", new { content = "from the robot" });
        foreach (var path in new[] { "/open-apis/im/v1/chats", "/v1/info" })
        {
            using var refused = await fixture.Emulator.Http.GetAsync(path, TestContext.Current.CancellationToken);
        }

        var page = await fixture.OpenAsync("/?as=alice&view=inspector");
        var platforms = page.GetByRole(AriaRole.Radiogroup, new() { Name = "Platform" });
        foreach (var (name, id) in new[] { ("Feishu", "feishu"), ("WeCom", "wecom"), ("DingTalk", "dingtalk"), ("Dify", "dify") })
        {
            await platforms.GetByText(name, new() { Exact = true }).ClickAsync();
            await Expect(page.Locator($"details[data-trace]:visible:not([data-platform={id}])")).ToHaveCountAsync(0);
            await Expect(page.Locator($"details[data-platform={id}]:visible")).Not.ToHaveCountAsync(0);
            await Expect(page.Locator($"details[data-platform={id}]:visible").First).ToContainTextAsync(name);
        }

        // One that comes later obeys too, and so does the page after another chat was opened.
        await fixture.WeComSaysAsync("text", new { content = "one more" });
        await Expect(page.Locator("details[data-platform=wecom]")).Not.ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(platforms.GetByLabel("Dify")).ToBeCheckedAsync();
        await Expect(page.Locator("details[data-trace]:visible:not([data-platform=dify])")).ToHaveCountAsync(0);

        await page.GotoAsync(new Uri(fixture.Emulator.BaseUrl, "/wecom?as=alice").AbsoluteUri);
        await page.Locator(".rail [data-go=inspector]").ClickAsync();
        await Expect(platforms.GetByLabel("WeCom")).ToBeCheckedAsync();
        await Expect(page.Locator("details[data-trace]:visible:not([data-platform=wecom])")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Json_within_a_string_is_shown_as_json_and_is_text_whatever_it_holds()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        await fixture.DingTalkSaysAsync("sampleMarkdown", new { title = "<img src=x onerror='window.owned=1'>", text = "**hi**" });
        var page = await fixture.OpenAsync("/?as=alice&view=inspector");
        var trace = page.Locator("details[data-platform=dingtalk]").Filter(new() { HasText = "batchSend" });
        await trace.Locator("summary").First.ClickAsync();
        var request = trace.Locator(".payload pre").First;
        await Expect(request.Locator(".j-key", new() { HasTextString = "\"msgParam\"" })).ToBeVisibleAsync();
        var text = await request.InnerTextAsync();
        Assert.Contains("\"msgParam\": {\n    \"title\": \"<img src=x onerror='window.owned=1'>\",\n    \"text\": \"**hi**\"\n  }", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\\\"", text, StringComparison.Ordinal);
        await Expect(request.Locator(".j-inner")).ToHaveAttributeAsync("data-note", "string");
        Assert.Null(await page.EvaluateAsync<int?>("window.owned ?? null"));
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_call_is_copied_as_a_command_without_its_secrets_that_does_the_same_once_they_are_put_in()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var http = fixture.Emulator.Http;
        const string Asking = "/open-apis/auth/v3/tenant_access_token/internal";
        var asked = await fixture.JsonAsync(HttpMethod.Post, Asking, new { app_id = EmulatorApp.AppId, app_secret = EmulatorApp.DefaultApp.AppSecret });
        var token = asked["tenant_access_token"]!.GetValue<string>();
        using var sending = new HttpRequestMessage(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=user_id");
        sending.Headers.Authorization = new("Bearer", token);
        sending.Content = System.Net.Http.Json.JsonContent.Create(new { receive_id = "alice", msg_type = "text", content = """{"text":"it's `here` $HOME"}""" });
        using var sent = await http.SendAsync(sending, TestContext.Current.CancellationToken);
        Assert.True(sent.IsSuccessStatusCode);

        var page = await fixture.OpenAsync("/?as=alice&view=inspector");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var command = await CopyAsync(page, "/im/v1/messages");
        Assert.StartsWith($"curl '{fixture.Emulator.BaseUrl.ToString().TrimEnd('/')}/open-apis/im/v1/messages?receive_id_type=user_id'", command, StringComparison.Ordinal);
        Assert.Contains("…[redacted]'", command, StringComparison.Ordinal);
        Assert.DoesNotContain(token, command, StringComparison.Ordinal);

        // Run by a shell, with the token where it belongs.
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", Bearer().Replace(command, "Bearer " + token).Replace("curl ", "curl -sS ", StringComparison.Ordinal) },
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var said = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var complaint = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(said.Length > 0, complaint);
        Assert.Equal(0, JsonNode.Parse(said)!["code"]!.GetValue<int>());
        Assert.Equal("it's `here` $HOME", JsonNode.Parse(JsonNode.Parse(said)!["data"]!["body"]!["content"]!.GetValue<string>())!["text"]!.GetValue<string>());

        // What the body or the address of a call held in secret stays out too.
        var secret = await CopyAsync(page, "/auth/v3/tenant_access_token/internal");
        Assert.Contains("\"app_secret\":\"[redacted]\"", secret, StringComparison.Ordinal);
        Assert.DoesNotContain(EmulatorApp.DefaultApp.AppSecret, secret, StringComparison.Ordinal);
        await fixture.WeComSaysAsync("text", new { content = "x" });
        var inAddress = await CopyAsync(page, "/cgi-bin/message/send");
        Assert.StartsWith("curl --globoff '", inAddress, StringComparison.Ordinal);
        Assert.Contains("access_token=[redacted]", inAddress, StringComparison.Ordinal);
        Assert.Empty(fixture.PageErrors);
    }

    private static async Task<string> CopyAsync(IPage page, string title)
    {
        var trace = page.Locator("details[data-kind=call]").Filter(new() { HasText = title }).First;
        await trace.Locator("summary").First.ClickAsync();
        await trace.GetByRole(AriaRole.Button, new() { Name = "Copy as cURL" }).ClickAsync();
        var told = page.Locator(".toast-success");
        await Expect(told).ToHaveTextAsync("Copied");
        await told.GetByRole(AriaRole.Button).ClickAsync();
        return await page.EvaluateAsync<string>("navigator.clipboard.readText()");
    }

    [GeneratedRegex("Bearer [^']*")]
    private static partial Regex Bearer();
}
