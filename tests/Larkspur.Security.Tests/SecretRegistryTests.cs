using System.Collections;
using System.Reflection;
using System.Text;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>The one place that knows secrets: what it must know, in which forms it finds them, and what a hostile text costs.</summary>
public sealed class SecretRegistryTests
{
    [Fact]
    public async Task Every_setting_that_holds_a_secret_is_known_as_soon_as_it_is_stored()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1",
            new Dictionary<string, string?> { ["FEISHU_APP_ID"] = null, ["FEISHU_APP_SECRET"] = null, ["FEISHU_ENCRYPT_KEY"] = null,
                ["FEISHU_VERIFICATION_TOKEN"] = null });
        var (settings, registry) = (gateway.Services.GetRequiredService<ISettings>(),
            gateway.Services.GetRequiredService<SecretRegistry>());
        var secret = settings.Now.All.Where(v => v.Definition.Kind == SettingKind.Secret
            && v.Source != SettingSource.Environment).Select(v => v.Definition).ToArray();
        Assert.True(secret.Length >= 3);
        foreach (var definition in secret)
        {
            var key = definition.Key;
            // Some have a length: of 43, or of at most 32.
            var (long43, short32) = (Guid.NewGuid().ToString("N") + "0123456789a", Guid.NewGuid().ToString("N"));
            var value = definition.Problem?.Invoke(long43) is null ? long43 : short32;
            await settings.ChangeAsync(Actor.System, new Dictionary<string, string?> { [key] = value },
                TestContext.Current.CancellationToken);
            Assert.Equal("it was ***", registry.Hide("it was " + value));
            await settings.ChangeAsync(Actor.System, new Dictionary<string, string?> { [key] = null },
                TestContext.Current.CancellationToken);
            // What was replaced may still be on its way in some failure.
            Assert.Equal("it was ***", registry.Hide("it was " + value));
        }
    }

    [Fact]
    public void Every_secret_of_the_gateways_settings_is_known()
    {
        var configuration = Configuration();
        var registry = new SecretRegistry();
        registry.Tell(ConfiguredSecrets.Source, ConfiguredSecrets.Of(configuration));
        var found = new List<(string Path, string? Value)>();
        Walk(GatewaySettings.Read(configuration), "", found, []);
        // A setting that is added must be in the configuration above, so that it is seen to be known.
        foreach (var type in found.Where(f => IsSecret(f.Path)).GroupBy(f => f.Path))
        {
            Assert.True(type.Any(f => f.Value is { Length: > 0 }), $"{type.Key} is empty in this test: set it in {nameof(Configuration)}");
            foreach (var (path, value) in type.Where(f =>
                f.Value is { Length: > 0 })) Assert.True(registry.Hide(value!) == SecretRegistry.Hidden,
                $"{path} is not known: see {nameof(ConfiguredSecrets)}");
        }

        foreach (var key in (string[])["AppSecret", "EncryptKey", "VerificationToken", "Secret", "Token", "EncodingAesKey", "ClientSecret",
            "AesKey", "ApiKey"]) Assert.Contains(found, f => f.Path.EndsWith("." + key, StringComparison.Ordinal));
        Assert.Equal("Host=db;Password=***", registry.Hide("Host=db;Password=db-pass-Rf71"));
        Assert.Equal("failed for ***", registry.Hide("failed for db-pass-Rf71"));
    }

    [Theory]
    [InlineData("GET https://qyapi.example/cgi-bin/send?access_token=abcDEF123456&debug=1",
        "GET https://qyapi.example/cgi-bin/send?access_token=***&debug=1")]
    [InlineData("https://qyapi.example/webhook/send?key=693a91f6-7abc-4bc4-97a0-0ec2", "https://qyapi.example/webhook/send?key=***")]
    [InlineData("oapi.example/robot/send?timestamp=1&sign=aBc%2Bd12345", "oapi.example/robot/send?timestamp=1&sign=***")]
    [InlineData("{\"tenant_access_token\":\"t-abc12345\",\"expire\":7200}", "{\"tenant_access_token\":\"***\",\"expire\":7200}")]
    [InlineData("""{"body":"{\"app_secret\":\"hunter2hunter2\"}"}""", """{"body":"{\"app_secret\":\"***\"}"}""")]
    [InlineData("Host=db;Username=lark;Password=p4ss;Timeout=5", "Host=db;Username=lark;Password=***;Timeout=5")]
    [InlineData("postgresql://lark:p4ss@db/lark", "postgresql://***@db/lark")]
    [InlineData("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer ***")]
    [InlineData("Cookie: larkspur-console=abcdefghijklmnop; other=1", "Cookie: ***")]
    [InlineData("https://oapi.example/robot/sendBySession?session=0123456789abcdef", "https://oapi.example/robot/sendBySession?session=***")]
    [InlineData("https://qyapi.example/aibot/response?response_code=0123456789abcdef", "https://qyapi.example/aibot/response?response_code=***")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "***")]
    [InlineData("Incorrect API key provided: sk-proj-aaaabbbbccccdddd.", "Incorrect API key provided: ***.")]
    [InlineData("Access token app-aaaabbbbccccdddd1234 is invalid", "Access token *** is invalid")]
    [InlineData("key lk_abcdefg was revoked", "key lk_abcdefg was revoked")]
    [InlineData("The token is missing, the secret too; password: required", "The token is missing, the secret too; password: required")]
    [InlineData("see https://example.com/docs/keys#token and a-b-c", "see https://example.com/docs/keys#token and a-b-c")]
    public void Secrets_are_known_by_their_form(string text, string told) => Assert.Equal(told, new SecretRegistry().Hide(text));

    [Fact]
    public void A_known_secret_is_found_in_every_form_and_also_when_it_was_cut()
    {
        const string Secret = "n\u00e4chste/Stra\u00dfe+7 \"Lark\" & Co";
        var registry = new SecretRegistry();
        registry.Tell("test", [Secret, "short", "LongAndCutSomewhere0123456789"]);
        foreach (var form in (string[])[Secret, Uri.EscapeDataString(Secret), System.Net.WebUtility.UrlEncode(Secret),
            System.Text.Json.JsonSerializer.Serialize(Secret).Trim('"')])
            Assert.Equal("a *** b", registry.Hide($"a {form} b"));
        foreach (var name in (string[])["", "a", "ab:", "abc:"])
        {
            // The first and last characters hold bits of what stands beside them.
            var hidden = registry.Hide(Convert.ToBase64String(Encoding.UTF8.GetBytes(name + Secret)));
            Assert.Contains(SecretRegistry.Hidden, hidden, StringComparison.Ordinal);
            Assert.InRange(hidden.Length, 3, 16);
        }

        Assert.Equal("***, shorter, ***", registry.Hide("short, shorter, short"));
        Assert.Equal("answer was: ***…", registry.Hide("answer was: LongAndCutSomewhere0…"));
        Assert.Same("nothing here", registry.Hide("nothing here"));
    }

    [Fact]
    public void Secrets_that_overlap_are_hidden_whole()
    {
        var registry = new SecretRegistry();
        registry.Tell("test", ["abcdefgh", "efghijkl", "abcdefghij"]);
        Assert.Equal("x***y", registry.Hide("xabcdefghijkly"));
    }

    [Fact]
    public void A_long_text_is_cut_and_never_within_a_secret()
    {
        const string Secret = "a-secret-at-the-edge-of-what-is-kept-0123456789";
        var registry = new SecretRegistry();
        registry.Tell("test", [Secret]);
        for (var before = SecretRegistry.LongestText - Secret.Length - 2; before <= SecretRegistry.LongestText + 1; before++)
        {
            var hidden = registry.Hide(new string('.', before) + Secret + new string('.', 100_000));
            Assert.InRange(hidden.Length, SecretRegistry.LongestText - Secret.Length - 10, SecretRegistry.LongestText + 10);
            Assert.DoesNotContain("a-secret", hidden, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("://")]
    [InlineData("://a:")]
    [InlineData("token=\\\"")]
    [InlineData("secret\":\"")]
    [InlineData("cookie: ")]
    [InlineData("authorization: ")]
    [InlineData("key=sign=")]
    [InlineData("eyJ.")]
    [InlineData("t-a-u-")]
    [InlineData("aaaa")]
    public void A_hostile_text_hides_no_secret_behind_it(string piece)
    {
        var registry = new SecretRegistry();
        registry.Tell("test", ["aaaaaaaaaaaaaaaaaaaaaaaab", "the-real-secret-0123456789"]);
        var text = string.Concat(Enumerable.Repeat(piece, 40_000 / piece.Length)) + " the-real-secret-0123456789";
        Assert.DoesNotContain("the-real-secret", registry.Hide(text), StringComparison.Ordinal);
    }

    private static IConfiguration Configuration() => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string,
        string?>(SecretLeakTests.Secrets.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)))
    {
        ["LARKSPUR_API_KEY"] = "api-key-Qw83mNzX-0123456789",
        ["LARKSPUR_DB"] = "Host=db;Database=larkspur;Username=larkspur;Password=db-pass-Rf71",
        ["FEISHU_APP_ID"] = "cli_a1b2c3d4e5f60718",
        ["Feishu:Apps:second:AppId"] = "cli_second0123456789",
        ["Feishu:Apps:second:EncryptKey"] = "fs-second-encrypt-Oi90",
        ["Feishu:Apps:second:VerificationToken"] = "fs-second-token-Ty65",
        ["WECOM_CORP_ID"] = "ww0123456789abcdef",
        ["WECOM_AGENT_ID"] = "1000002",
        ["WECOM_AIBOT_ID"] = "bot-0123456789",
        ["WECOM_AIBOT_SECRET"] = "wc-bot-secret-Kd27sLpQ",
        ["Larkspur:WeCom:Apps:polled:AiBotId"] = "bot-9876543210",
        ["Larkspur:WeCom:Apps:polled:AiBotToken"] = "wcBotTokenFg41",
        ["Larkspur:WeCom:Apps:polled:AiBotEncodingAesKey"] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefA",
        ["DINGTALK_CLIENT_ID"] = "dingabcdef012345",
        ["DINGTALK_ROBOT_CODE"] = "dingabcdef012345",
        ["DINGTALK_EVENT_OWNER_KEY"] = "dingOwnerKey0123456789",
        ["DINGTALK_CARD_CALLBACK_SECRET"] = "dt-card-secret-Bn62",
        ["DINGTALK_CARD_ROUTE_KEY"] = "dt-card-route-Vm18",
        ["Larkspur:Webhooks:erp:Url"] = "https://erp.example/hook",
        ["Larkspur:Webhooks:erp:Secret"] = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes("current secret of 32 bytes, all.")),
    }).Build();

    private static bool IsSecret(string path) => path[(path.LastIndexOf('.') + 1)..] is var name && (name.Contains("Secret",
        StringComparison.Ordinal) || name.Contains("Token", StringComparison.Ordinal)
        || name.Contains("Password", StringComparison.Ordinal) || name.EndsWith("Key", StringComparison.Ordinal) || name.EndsWith("Headers",
            StringComparison.Ordinal));

    /// <summary>All texts of a graph of settings, by the path of types and properties that leads there.</summary>
    private static void Walk(object? value, string path, List<(string Path, string? Value)> found, HashSet<object> seen)
    {
        if (value is null || value is Uri or TimeZoneInfo or TimeSpan || value.GetType().IsPrimitive || value.GetType().IsEnum
            || !seen.Add(value)) return;
        if (value is IEnumerable items)
        {
            foreach (var item in items) Walk(item?.GetType() is { IsGenericType: true } pair
                && pair.GetGenericTypeDefinition() == typeof(KeyValuePair<,>) ? pair.GetProperty("Value")!.GetValue(item) : item, path,
                found, seen);
            return;
        }

        if (value.GetType().Namespace?.StartsWith("Larkspur", StringComparison.Ordinal) != true) return;
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0 && !p.PropertyType.IsByRefLike))
        {
            var at = value.GetType().Name + "." + property.Name;
            if (property.PropertyType == typeof(string)) found.Add((at, (string?)property.GetValue(value)));
            else Walk(property.GetValue(value), at, found, seen);
        }
    }
}
