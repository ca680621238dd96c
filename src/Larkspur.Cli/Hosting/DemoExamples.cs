using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Smoke;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Cli.Hosting;

/// <summary>
/// What a newcomer does next as a business system: calls that work as they are pasted. The Feishu integration is off at first, as everywhere; a demonstration with data of its own switches it
/// on as an administrator would, one with somebody's data prints the call that does.
/// </summary>
internal sealed class DemoExamples(LocalStack stack)
{
    private const string ChatIssuer = "https://demo.mica.example";

    private static readonly JsonObject Switches = new()
    {
        ["auth.feishu.enabled"] = true,
        ["auth.feishu.notify_on_pr"] = true,
        ["auth.feishu.notify_on_approval"] = true,
        ["auth.feishu.notify_on_po"] = true,
        ["auth.feishu.notify_on_payment"] = true,
        ["auth.feishu.notify_on_contract_expiry"] = true,
        ["auth.feishu.payment_workflow"] = true,
        ["auth.feishu.approval_code"] = SeededCompany.PaymentApprovalCode,
    };

    private const string Requisition = """{"event":"pr.submitted","subject":"PR-1","recipients":[{"email":"bob@mica.example"}],"decision":{"applicant":{"email":"alice@mica.example"}},"variables":{"number":"PR-1","title":{"zh":"研发笔记本电脑 12 台","en":"12 laptops for development"},"amount":{"amount":"98765.40","currency":"CNY"},"applicant":{"email":"alice@mica.example"}}}""";

    private const string Payment = """{"number":"PAY-1","title":"Steel, second delivery","amount":"1200.50","currency":"CNY","payee":"Shenzhen Steel Ltd","submitter":{"email":"alice@mica.example"},"form":{"payee":"Shenzhen Steel Ltd","amount":1200.5,"method":"transfer"}}""";

    /// <summary>Switches the integration, all its notifications and the payment workflow on, over REST.</summary>
    /// <exception cref="SmokeFailure">The gateway refused it.</exception>
    public async Task SwitchOnAsync(CancellationToken cancellation)
    {
        using var http = Client();
        // Whoever it names may write /link in the web chat. Not among the switches: those are printed for pasting into somebody's own
        // data, whose list of issuers they would replace.
        var settings = new JsonObject(Switches.Select(s => KeyValuePair.Create(s.Key, s.Value?.DeepClone())))
            { ["people.link.web_issuers"] = ChatIssuer };
        using var answer = await http.PatchAsJsonAsync("/api/v1/settings", settings, cancellation);
        if (!answer.IsSuccessStatusCode) throw new SmokeFailure($"the Feishu integration could not be switched on: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
    }

    /// <summary>Begins a session of the web chat for Alice, as a company's own page would.</summary>
    /// <returns>Its address, good for eight hours.</returns>
    /// <exception cref="SmokeFailure">The gateway refused it.</exception>
    public async Task<Uri> ChatAsync(CancellationToken cancellation)
    {
        using var http = Client();
        var session = new { issuer = ChatIssuer, subject = "alice", name = "Alice", lifetime_seconds = 28_800 };
        using var answer = await http.PostAsJsonAsync("/api/v1/web-chat/sessions", session, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        if (!answer.IsSuccessStatusCode) throw new SmokeFailure($"the web chat could not be begun: {(int)answer.StatusCode} {text}");
        var address = new Uri(JsonNode.Parse(text)!["address"]!.GetValue<string>());
        return new Uri(stack.Gateway, address.PathAndQuery + address.Fragment);
    }

    /// <summary>Keeps the demo company's orders on Feishu equal with those of its ERP, a SQLite file in a folder.</summary>
    /// <returns>The table's page.</returns>
    /// <exception cref="SmokeFailure">The gateway refused it.</exception>
    public async Task<Uri> SyncAsync(string folder, CancellationToken cancellation)
    {
        var erp = await SampleErp.OpenAsync(folder, cancellation);
        using var http = Client();
        await PutAsync("tables/bases/ledger", new { token = SeededTables.Ledger });
        await PutAsync("sync-connections/erp", new { kind = "sqlite", address = erp.File });
        await PutAsync("syncs/orders", SampleErp.Sync);
        await SmokeSteps.UntilAsync(async () => (await http.GetFromJsonAsync<JsonNode>("/api/v1/syncs/orders", cancellation))!,
            sync => sync["state"]?.GetValue<string>() == "ready", "the sync is not ready", cancellation);
        using var started = await http.PostAsJsonAsync("/api/v1/syncs/orders/start", new { winner = "source" }, cancellation);
        await CheckAsync(started);
        return new Uri(stack.Emulator, $"/tables/{SeededTables.Ledger}/{SeededTables.Orders}?as=bob");

        async Task PutAsync(string path, object body)
        {
            using var answer = await http.PutAsJsonAsync("/api/v1/" + path, body, cancellation);
            await CheckAsync(answer);
        }

        async Task CheckAsync(HttpResponseMessage answer)
        {
            if (answer.IsSuccessStatusCode) return;
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            throw new SmokeFailure($"the sync could not be set up: {(int)answer.StatusCode} {text}");
        }
    }

    /// <summary>Prints the calls, each on a line of its own that no terminal's width breaks.</summary>
    public void Print()
    {
        var output = Console.Out;
        output.WriteLine();
        if (stack.IsFresh) output.WriteLine("The Feishu integration is on for this demonstration (elsewhere it is off until an administrator switches it on). Paste these:");
        else output.WriteLine($"Switch the Feishu integration on:\n  {Curl("PATCH", "settings", null, Switches.ToJsonString(JsonSerializerOptions.Web))}");
        output.WriteLine($"Send Bob a requisition; he decides on its card, and Alice learns how:\n  {Curl("POST", "notifications", "PR-1", Requisition)}");
        output.WriteLine($"Submit a payment; Bob, then Carol approve it at {new Uri(stack.Emulator, "/approvals?as=bob")}:\n  {Curl("POST", "payments", "PAY-1", Payment)}");
        output.WriteLine($"See what became of it, from another terminal (docs/cli.md has the rest):\n  export LARKSPUR_URL={stack.Gateway} LARKSPUR_API_KEY={stack.ApiKey}\n  ./larkspur notifications show PR-1\n  ./larkspur payments show PAY-1");
        output.WriteLine();
    }

    /// <summary>Never through a proxy: it is this very process.</summary>
    private HttpClient Client()
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
            { BaseAddress = stack.Gateway, Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Add("X-Api-Key", stack.ApiKey);
        return http;
    }

    private string Curl(string method, string path, string? key, string body) =>
        $"curl -X {method} -H 'X-Api-Key: {stack.ApiKey}' -H 'Content-Type: application/json'{(key is null ? "" : $" -H 'Idempotency-Key: {key}'")} {new Uri(stack.Gateway, "/api/v1/" + path)} -d '{body}'";
}
