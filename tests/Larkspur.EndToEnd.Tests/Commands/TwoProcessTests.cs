using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur emulator</c> and <c>larkspur run</c> beside each other, with nothing set but what the emulator says a gateway needs.</summary>
public sealed class TwoProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-two-").FullName;
    private readonly Dictionary<string, string> _environment = new()
    {
        ["LARKSPUR_GATEWAY_URLS"] = Address(GatewayProcess.FreeAddress()),
        ["LARKSPUR_EMULATOR_URLS"] = Address(GatewayProcess.FreeAddress()),
    };

    [Fact]
    public async Task A_message_is_answered_and_both_stop_cleanly_on_their_signals()
    {
        await using var emulator = await EmulatorAsync();
        await using var gateway = await GatewayAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await AnswerAsync(http, "/help", "/whoami");

        Assert.True(File.Exists(Path.Combine(_folder, "data", "larkspur.db")), "The data goes to ./data of the working directory.");
        Assert.Equal(0, await gateway.SignalAsync("TERM"));
        Assert.Equal(0, await emulator.SignalAsync("INT"));
        Assert.DoesNotContain("   at ", gateway.Output + emulator.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Address(Uri address) => address.ToString().TrimEnd('/');

    private async Task<LarkspurProcess> EmulatorAsync()
    {
        var emulator = LarkspurProcess.Start("emulator", _folder, _environment);
        await emulator.AnswersAsync(new Uri(_environment["LARKSPUR_EMULATOR_URLS"]));
        return emulator;
    }

    private async Task<LarkspurProcess> GatewayAsync()
    {
        var gateway = LarkspurProcess.Start("run", _folder, new Dictionary<string, string>(_environment)
        {
            ["FEISHU_BASE_URL"] = _environment["LARKSPUR_EMULATOR_URLS"],
            ["LARKSPUR_API_KEY"] = GatewayApp.ApiKey,
            ["FEISHU_APP_ID"] = EmulatorApp.DefaultApp.AppId,
            ["FEISHU_APP_SECRET"] = EmulatorApp.DefaultApp.AppSecret,
            ["FEISHU_ENCRYPT_KEY"] = EmulatorApp.DefaultApp.EncryptKey,
            ["FEISHU_VERIFICATION_TOKEN"] = EmulatorApp.DefaultApp.VerificationToken,
        });
        await gateway.AnswersAsync(new Uri(_environment["LARKSPUR_GATEWAY_URLS"] + "/health/ready"));
        return gateway;
    }

    private async Task AnswerAsync(HttpClient http, string words, string expected)
    {
        var emulator = _environment["LARKSPUR_EMULATOR_URLS"] + "/_emulator/";
        using var said = await http.PostAsJsonAsync(emulator + "act", new { @as = "alice", @do = "send", text = words });
        var message = (await said.Content.ReadFromJsonAsync<JsonObject>())!["message_id"];
        var answer = await http.GetFromJsonAsync<JsonObject>($"{emulator}wait?from=app&after={message}&contains={Uri.EscapeDataString(expected)}&timeout_ms=60000");
        Assert.True(answer!["found"]!.GetValue<bool>(), $"\"{words}\" has no answer.");
    }
}
