using System.Text;
using System.Text.Encodings.Web;
using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Console;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Security.Tests;

/// <summary>
/// Everything that can repeat a secret repeats all of them, in every form: platforms that refuse, handlers that fail, receivers that
/// break off. Then whoever reads log, database, console or REST looks for them.
/// </summary>
public sealed class SecretLeakTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Fast = new() { ["Larkspur:Dispatch:RetryPauses:0"] = "00:00:00.010" };

    private readonly FeishuPush _push = new() { EncryptKey = Secrets["FEISHU_ENCRYPT_KEY"], Token = Secrets["FEISHU_VERIFICATION_TOKEN"] };
    private FeishuStub _feishu = null!;
    private WebhookReceiver _erp = null!;
    private GatewayApp _gateway = null!;

    /// <summary>One of each kind that a setting can hold.</summary>
    internal static Dictionary<string, string> Secrets { get; } = new()
    {
        ["FEISHU_APP_SECRET"] = "fs+app/secret=Zq81mNvPd03",
        ["FEISHU_ENCRYPT_KEY"] = "fs-encrypt-key-Lw93kTzPx7",
        ["FEISHU_VERIFICATION_TOKEN"] = "fs-verify-Mn20sKqYt4",
        ["Feishu:Apps:second:AppSecret"] = "fs-second-secret-Pu77aRw",
        ["WECOM_SECRET"] = "wc-app-secret-Vb61hJkLq8Wd",
        ["WECOM_TOKEN"] = "wcCallbackTokenRt5",
        ["WECOM_ENCODING_AES_KEY"] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFA",
        ["DINGTALK_CLIENT_SECRET"] = "dt-client-secret-Xc48fGhUj2",
        ["DINGTALK_TOKEN"] = "dtTokenEw39zPl",
        ["DINGTALK_AES_KEY"] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFA",
        ["DIFY_API_KEY"] = "app-Hs72kdLmQpZx93bVnTy1Wc",
        ["Larkspur:Assistant:Backends:model:ApiKey"] = "sk-proj-9Fh2LqVx7TbNmK4ZsWcD",
        ["LARKSPUR_MASTER_KEY"] = Convert.ToBase64String(Encoding.UTF8.GetBytes("a master key of thirty-two bytes")),
        ["LARKSPUR_ADMIN_PASSWORD"] = "meadow \"larks\" & 7 <hills>",
        ["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=Bearer%20otlp-Yk55nQwE,x-api-key=otlpKeyUb83",
        ["Larkspur:Webhooks:erp:PreviousSecret"] = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes("previous secret of 32 bytes, all")),
    };

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _erp = await WebhookReceiver.StartAsync();
        var settings = new Dictionary<string, string?>(Fast);
        foreach (var (key, value) in Secrets) settings[key] = value;
        foreach (var (key, value) in _erp.Settings()) settings[key] = value;
        settings["Feishu:Apps:second:AppId"] = "cli_second0123456789";
        settings["Feishu:Apps:second:VerificationToken"] = "fs-second-token-Ty65";
        settings["Feishu:Apps:second:BaseUrl"] = _feishu.Address;
        settings["WECOM_CORP_ID"] = "ww0123456789abcdef";
        settings["WECOM_AGENT_ID"] = "1000002";
        settings["WECOM_BASE_URL"] = "http://127.0.0.1:1";
        settings["DINGTALK_CLIENT_ID"] = "dingabcdef012345";
        settings["DINGTALK_ROBOT_CODE"] = "dingabcdef012345";
        settings["DINGTALK_EVENT_MODE"] = "webhook";
        settings["DINGTALK_BASE_URL"] = "http://127.0.0.1:1";
        settings["DIFY_BASE_URL"] = "http://127.0.0.1:1/v1";
        settings["Larkspur:Assistant:Backends:model:Kind"] = "openai";
        settings["Larkspur:Assistant:Backends:model:BaseUrl"] = "http://127.0.0.1:1/v1";
        settings["Larkspur:Assistant:Backends:model:Model"] = "small";
        settings["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8";
        _gateway = await GatewayApp.StartAsync(_feishu.Address, settings, configure: builder =>
            builder.Services.AddSingleton(new EventRoute("feishu", "test.fails", Fail)));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _erp.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task No_failure_tells_a_secret_to_log_database_console_or_rest()
    {
        var stored = WebhookSecret.Generate();
        Assert.Equal(201, (await _gateway.RestAsync(HttpMethod.Put, "/webhooks/canteen", new { url = _erp.Url, secret = stored,
            events = new[] { "*" } })).Status);
        string[] tokens = ["t-g1044qeGEDXTB6NDJOGV4JQCYDGHRBARFTGT1234", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
            "lk_" + new string('K', 43), "lw_" + new string('W', 43)];
        string[] secrets = [.. Secrets.Values, _erp.Secret, stored, GatewayApp.ApiKey, .. tokens];
        _said = Said([.. secrets, "otlp-Yk55nQwE", "otlpKeyUb83"]);

        // A platform refuses and repeats what it was sent.
        _feishu.Fault = _ => (400, $$"""{"code":230001,"msg":{{System.Text.Json.JsonSerializer.Serialize(_said)}}}""");
        var sent = await _gateway.RestAsync(HttpMethod.Post, "/messages", new { to = new { chat_id = "oc_1" }, text = "hello" });
        if (sent.Status < 300) await _gateway.EndOfAsync(sent.Id);
        // A handler fails.
        var eventId = FeishuPush.NewId("ev_");
        Assert.Equal(200, (await _push.SendAsync(_gateway, "test.fails", """{"chat_id":"oc_p2p"}""", eventId)).Status);
        Assert.Equal("dead", (await _gateway.OutcomeAsync(eventId)).GetProperty("status").GetString());
        // A business system answers with everything that it knows.
        _erp.Answer = async (_, http) =>
        {
            http.Response.StatusCode = 410;
            http.Response.Headers["X-Debug"] = Uri.EscapeDataString(_said[..Math.Min(2000, _said.Length)]);
            await http.Response.WriteAsync(_said);
        };
        await _push.ProbeAsync(_gateway, "for the canteen");
        await _gateway.UntilAsync(async () => (await _gateway.ListAsync("/outbox?status=dead&limit=50")).Length >= 2);
        // Somebody's own code logs, with values and in a scope.
        var logger = _gateway.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Some.Library");
        using (logger.BeginScope(new Dictionary<string,
            object> { ["Url"] = "https://example.com/?access_token=" + tokens[0] + "&note=" + secrets[0] }))
        using (logger.BeginScope("scope with {Secret}", secrets[1]))
            logger.LogWarning(new InvalidOperationException("outer", new HttpRequestException(_said)), "What was asked: {What} of {Uri}",
                _said, new Uri("https://user:" + Uri.EscapeDataString(secrets[0]) + "@example.com/"));
        // Whoever asks puts a secret where it does not belong.
        var refused = new List<string>();
        foreach (var secret in secrets)
        {
            refused.Add((await _gateway.RestAsync(HttpMethod.Post, "/messages", new Dictionary<string,
                object> { [secret] = 1 })).ToString());
            refused.Add((await _gateway.RestAsync(HttpMethod.Put, "/webhooks/erp2", new { url = _erp.Url + "?token=" + secret,
                events = new[] { "no event " + secret } })).ToString());
            refused.Add((await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get,
                "/audit?limit=1000&who=" + Uri.EscapeDataString(secret))).Body.ToString());
        }

        // The doctor asks platforms that are away, and one that repeats everything.
        await _gateway.TellAsync("/doctor/run", "{}");

        var rest = new StringBuilder().AppendJoin('\n', refused);
        foreach (var list in (string[])["/inbox", "/outbox", "/deliveries", "/schedules", "/audit", "/doctor", "/status", "/notifications",
            "/payments", "/quota"]) rest.Append((await _gateway.AskAsync(list)).Body.ToString());
        foreach (var box in (string[])["inbox", "outbox"])
        {
            foreach (var row in await _gateway.ListAsync($"/{box}?limit=50")) rest.Append((await _gateway.AskAsync($"/{box}/{row.GetProperty("id").GetInt64()}")).Body.ToString());
        }

        Clean("REST", rest.ToString(), secrets);
        Clean("log", _gateway.Logs.Text, secrets);
        Clean("log scopes", string.Join('\n', _gateway.Logs.Lines.Select(l => l.Scope)), secrets);
        Clean("database", await DatabaseAsync(), secrets);
        Clean("console", await ConsoleAsync(), secrets);
        // What they were hidden in is there: the places were looked at.
        Assert.Contains("What was asked:", _gateway.Logs.Text, StringComparison.Ordinal);
        Assert.Contains(SecretRegistry.Hidden, await DatabaseAsync(), StringComparison.Ordinal);
        Assert.Contains(SecretRegistry.Hidden, rest.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_fails_does_not_repeat_what_was_set()
    {
        foreach (var (key, secret) in Secrets)
        {
            foreach (var wrong in (string[])["LARKSPUR_GATEWAY_URLS", "LARKSPUR_TIME_ZONE", "LARKSPUR_DB", "Larkspur:Outbox:Parallelism"])
            {
                var error = Assert.ThrowsAny<Exception>(() => GatewayHost.Build([], builder =>
                    builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["LARKSPUR_DATA"] = Path.GetTempPath(), [key] = secret, ["LARKSPUR_TIME_ZONE"] = "Nowhere/" + secret, [wrong] = secret,
                })));
                Clean(wrong, error.ToString(), [secret]);
            }
        }
    }

    private string _said = "";

    private ValueTask<Reaction> Fail(EventContext context, CancellationToken cancellation) =>
        throw new InvalidOperationException("the price list is gone", new HttpRequestException(_said));

    /// <summary>Every secret as it is, in an address, in JSON and in base64 behind a name.</summary>
    private static string Said(IEnumerable<string> secrets) => string.Join(" | ", secrets.Select(s =>
        $"wrong secret {s}, GET https://x.example/?sig={Uri.EscapeDataString(s)}, Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("larkspur:" + s))}, {{\"v\":\"{JavaScriptEncoder.Default.Encode(s)}\"}}"));

    private static void Clean(string where, string text, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets)
        {
            foreach (var form in (string[])[secret, Uri.EscapeDataString(secret), JavaScriptEncoder.Default.Encode(secret),
                HtmlEncoder.Default.Encode(secret)])
            {
                var at = text.IndexOf(form, StringComparison.Ordinal);
                Assert.True(at < 0, $"{where} tells {form}: …{(at < 0 ? "" : text[Math.Max(0, at - 120)..Math.Min(text.Length, at + form.Length + 20)])}");
            }
        }
    }

    /// <summary>Every column of every table as text.</summary>
    private async Task<string> DatabaseAsync()
    {
        var database = _gateway.Services.GetRequiredService<IDatabase>();
        return await database.ReadAsync(async sql =>
        {
            var tables = await sql.QueryAsync(database.Dialect == Dialect.Sqlite
                ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'", static row => row.GetString(0));
            Assert.Contains("row_history", tables);
            var all = new StringBuilder();
            foreach (var table in tables)
            {
                foreach (var row in await sql.QueryAsync($"SELECT * FROM \"{table}\"", static row => string.Join('\u001f',
                    Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? "" : Shown(row.GetValue(i))))))
                    all.Append(table).Append(": ").Append(row).Append('\n');
            }

            return all.ToString();
        });
    }

    private static string Shown(object value) => value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(value,
        System.Globalization.CultureInfo.InvariantCulture) ?? "";

    /// <summary>The console's pages as they are rendered before any circuit.</summary>
    private async Task<string> ConsoleAsync()
    {
        using var browser = new ConsoleBrowser(_gateway);
        await browser.LogInAsync(Secrets["LARKSPUR_ADMIN_PASSWORD"]);
        var pages = new StringBuilder();
        foreach (var page in (string[])["", "/deliveries", "/connections", "/doctor", "/audit", "/webhooks", "/settings", "/api-keys",
            "/notifications", "/payments"])
        {
            using var answer = await browser.GetAsync("/console" + page);
            pages.Append(await answer.Content.ReadAsStringAsync());
        }

        return pages.ToString();
    }
}
