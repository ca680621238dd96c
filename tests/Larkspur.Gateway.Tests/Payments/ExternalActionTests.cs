using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>Approvals that another system decides: shown in the platform, decided there by a click, and the click told to that system exactly once.</summary>
public sealed class ExternalActionTests
{
    private const string Token = "action-token-that-is-secret";
    private const string Key = "action-key-that-is-secret";
    private const string Path = "/webhook/feishu/default/approval-action";

    private static readonly Dictionary<string, string?> Listening = new() { ["Larkspur:Webhooks:erp:Events"] = "approval.external_action" };

    [Theory]
    [InlineData(Key)]
    [InlineData(null)]
    public async Task A_click_in_the_platform_comes_to_the_business_system_once(string? key)
    {
        await using var fixture = await PaymentFixture.StartAsync(on: false, settings: Listening);
        await SetAsync(fixture, Token, key);
        var kind = await DefineAsync(fixture);
        await ShowAsync(fixture, kind, "PENDING", "10");

        await fixture.ActAsync("bob", "approve", "c-1", "可以");
        var told = await fixture.WebhookAsync();
        Assert.Equal(WebhookVerdict.Valid, fixture.Erp.Judge(told));
        Assert.Equal("feishu.approval.external_action", told.Json.GetProperty("type").GetString());
        var click = told.Json.GetProperty("data").GetProperty("event");
        Assert.Equal(("APPROVE", "bob", kind, "c-1", "t-1", "ctx", "可以"), (Text(click, "action_type"), Text(click, "user_id"), Text(click, "approval_code"), Text(click, "instance_id"), Text(click, "task_id"),
            Text(click, "action_context"), Text(click, "reason")));
        foreach (var secret in (string[])[Token, Key])
        {
            Assert.DoesNotContain(secret, told.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, fixture.Gateway.Logs.Text, StringComparison.Ordinal);
        }

        // The same again is the same; another decision about the task is told, too, for its system to judge.
        await fixture.ActAsync("bob", "approve", "c-1", "可以");
        await fixture.ActAsync("bob", "reject", "c-1", "不行");
        Assert.Equal("REJECT", Text((await fixture.WebhookAsync(2)).Json.GetProperty("data").GetProperty("event"), "action_type"));
        Assert.Equal(2, fixture.Erp.Calls.Count);

        await ShowAsync(fixture, kind, "APPROVED", "20");
        Assert.Empty((await CheckAsync(fixture, "20")).EnumerateArray());
        Assert.Equal("c-1", Assert.Single((await CheckAsync(fixture, "30")).EnumerateArray()).GetProperty("instance_id").GetString());
        var read = await fixture.Gateway.GetRestAsync("/approvals/external/definitions/" + kind);
        Assert.Equal(200, read.Status);
        Assert.DoesNotContain(Token, read.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_the_platforms_is_refused_and_leaves_nothing()
    {
        await using var fixture = await PaymentFixture.StartAsync(on: false, settings: Listening);
        await RefusedAsync(fixture, 403, "approval_actions_off", Post(Token));
        await SetAsync(fixture, Token, null);
        await RefusedAsync(fixture, 401, "wrong_token", Post("another-token-of-same-len!!"));
        await RefusedAsync(fixture, 401, "wrong_token", """{"action_type":"APPROVE","user_id":"bob","approval_code":"A"}""");
        await RefusedAsync(fixture, 400, "malformed", "[]");
        await RefusedAsync(fixture, 400, "malformed", "");
        await RefusedAsync(fixture, 404, "unknown_app", Post(Token), "/webhook/feishu/other/approval-action");
        await RefusedAsync(fixture, 413, "too_large", new string(' ', (1 << 20) + 1));
        using (var get = await fixture.Gateway.Http.GetAsync(new Uri(Path, UriKind.Relative), TestContext.Current.CancellationToken)) Assert.Equal(405, (int)get.StatusCode);
        await SetAsync(fixture, Token, Key);
        await RefusedAsync(fixture, 401, "not_encrypted", Post(Token));
        await RefusedAsync(fixture, 401, "undecryptable", """{"encrypt":"not base64"}""");
        await RefusedAsync(fixture, 401, "wrong_token", Encrypted(Post("another-token-of-same-len!!"), Key));
        Assert.Empty((await fixture.Gateway.GetRestAsync("/inbox?event_type=approval.external_action")).Items);

        Assert.Equal(200, (await PostAsync(fixture, Encrypted(Post(Token), Key))).Status);
        await fixture.WebhookAsync();
        Assert.Single((await fixture.Gateway.GetRestAsync("/inbox?event_type=approval.external_action")).Items);
        Assert.Single(fixture.Erp.Calls);
    }

    [Fact]
    public async Task While_nobody_listens_the_person_is_told_at_once()
    {
        await using var fixture = await PaymentFixture.StartAsync(on: false);
        await SetAsync(fixture, Token, null);
        var (status, body) = await PostAsync(fixture, Post(Token));
        Assert.Equal(503, status);
        Assert.Contains("业务系统", body!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty((await fixture.Gateway.GetRestAsync("/inbox?event_type=approval.external_action")).Items);
    }

    [Fact]
    public async Task Bad_definitions_and_instances_say_what_is_wrong()
    {
        await using var fixture = await PaymentFixture.StartAsync(on: false, settings: Listening);
        await RefusedAsync("definitions", new { approval_code = "contract" }, 400, "missing", "/approval_name");
        await RefusedAsync("instances", new { approval_code = "contract" }, 400, "missing", "/instance_id");
        await RefusedAsync("check", new { }, 400, "missing", "/instances");
        await RefusedAsync("definitions", new { approval_name = "@i18n@name", approval_code = "contract", quick_approval = true, external = new { } }, 409, "approval_actions_off", "/quick_approval");
        await SetAsync(fixture, Token, null);
        await RefusedAsync("definitions", new { approval_name = "@i18n@name", approval_code = "contract", quick_approval = true }, 400, "missing", "/external");
        await RefusedAsync("definitions", new { approval_name = "@i18n@name", approval_code = "contract", quick_approval = "yes", external = new { } }, 400, "wrong_type", "/quick_approval");
        Assert.Empty(fixture.Emulator.State.ExternalApprovals);

        async Task RefusedAsync(string what, object body, int status, string word, string pointer)
        {
            var answer = await fixture.Gateway.PostRestAsync("/approvals/external/" + what, body);
            Assert.True((answer.Status, answer.Error, answer.Pointer) == (status, word, pointer), $"{answer}, wanted {status} {word} {pointer}");
        }
    }

    private static Task SetAsync(PaymentFixture fixture, string token, string? key) => fixture.SetAsync((ExternalActionSettings.TokenSetting, token), (ExternalActionSettings.KeySetting, key),
        (FeishuIntegration.CallbackDomain, fixture.Gateway.Address.GetLeftPart(UriPartial.Authority)));

    private static readonly object I18n = new[] { new { locale = "zh-CN", is_default = true, texts = new[] { new { key = "@i18n@name", value = "合同审批" } } } };

    private static async Task<string> DefineAsync(PaymentFixture fixture)
    {
        var made = await fixture.Gateway.PostRestAsync("/approvals/external/definitions", new
        {
            approval_name = "@i18n@name", approval_code = "contract", group_code = "erp", quick_approval = true,
            external = new { create_link_pc = "https://erp.example/new", support_pc = true, support_mobile = false }, i18n_resources = I18n,
        });
        Assert.True(made.Status == 200, made.ToString());
        return made.Text("approval_code")!;
    }

    private static async Task ShowAsync(PaymentFixture fixture, string kind, string status, string update)
    {
        var links = new { pc_link = "https://erp.example/1", mobile_link = "https://erp.example/1" };
        var shown = await fixture.Gateway.PostRestAsync("/approvals/external/instances", new
        {
            approval_code = kind, status, instance_id = "c-1", links, user_id = "alice", start_time = "1770000000000", end_time = "0", update_time = update, i18n_resources = I18n,
            task_list = new[]
            {
                new
                {
                    task_id = "t-1", user_id = "bob", links, status, create_time = "1", end_time = "0", update_time = update, action_context = "ctx",
                    action_configs = new[] { new { action_type = "APPROVE", is_reason_required = false }, new { action_type = "REJECT", is_reason_required = true } },
                },
            },
        });
        Assert.True(shown.Status == 200, shown.ToString());
    }

    private static async Task<JsonElement> CheckAsync(PaymentFixture fixture, string update)
    {
        var checkedNow = await fixture.Gateway.PostRestAsync("/approvals/external/check",
            new { instances = new[] { new { instance_id = "c-1", update_time = update, tasks = new[] { new { task_id = "t-1", update_time = update } } } } });
        Assert.True(checkedNow.Status == 200, checkedNow.ToString());
        return checkedNow.Body.GetProperty("diff_instances");
    }

    private static string Post(string token) => new JsonObject
    {
        ["action_type"] = "APPROVE", ["user_id"] = "bob", ["approval_code"] = "A", ["instance_id"] = "r-1", ["task_id"] = "t-1", ["token"] = token,
    }.ToJsonString();

    private static string Encrypted(string plain, string key) => new FeishuPush { EncryptKey = key }.Encrypt(plain);

    private static async Task RefusedAsync(PaymentFixture fixture, int status, string word, string body, string path = Path)
    {
        var answer = await PostAsync(fixture, body, path);
        Assert.Equal((status, word), (answer.Status, answer.Body?["error"]?.GetValue<string>()));
    }

    private static async Task<(int Status, JsonNode? Body)> PostAsync(PaymentFixture fixture, string body, string path = Path)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await fixture.Gateway.Http.PostAsync(new Uri(path, UriKind.Relative), content);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
