using System.Collections.Concurrent;
using System.Globalization;
using Larkspur.Emulator.State;

namespace Larkspur.Testing.Chaos.Loads;

/// <summary>A procurement system has payments approved: an instance each, decided by Bob and Carol on the platform, and one word of the
/// decision.</summary>
internal sealed class Payments(EmulatorApp emulator, BusinessSystem mica) : ILoad
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentBag<(string Number, string Id, string Instance)> _approved = [];
    private GatewayCalls? _gateway;

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    public string Figures => $"{_approved.Count:N0} payments approved";

    public Task PrepareAsync(GatewayCalls gateway, CancellationToken cancellation)
    {
        _gateway = gateway;
        return gateway.AskAsync(HttpMethod.Patch, "settings", new Dictionary<string, object>
        {
            ["auth.feishu.enabled"] = true,
            ["auth.feishu.payment_workflow"] = true,
            ["auth.feishu.approval_code"] = SeededCompany.PaymentApprovalCode,
        }, cancellation: cancellation);
    }

    public async Task WorkAsync(GatewayCalls gateway, CancellationToken enough, CancellationToken cancellation)
    {
        using var pace = new PeriodicTimer(Pause);
        for (var count = 1; !enough.IsCancellationRequested && await pace.WaitForNextTickAsync(cancellation); count++)
            await ApproveAsync(gateway, string.Create(CultureInfo.InvariantCulture, $"PAY-{count}."), cancellation);
    }

    public async Task<IReadOnlyList<string>> FindWrongAsync(CancellationToken cancellation)
    {
        var told = mica.Told.Where(t => t.Type == "payment.decided").ToLookup(t => t.Data["payment_id"]!.GetValue<string>());
        List<string> wrong = [];
        foreach (var (number, id, instance) in _approved)
        {
            var ids = told[id].Select(t => t.Id).Distinct().Count();
            if (ids != 1) wrong.Add($"The decision of payment {number} ({instance}) was told under {ids} ids");
            else if (told[id].Any(t => t.Data["decision"]!.GetValue<string>() != "approved"))
                wrong.Add($"Of payment {number} another decision was told: {told[id].First().Data}");
            var state = await _gateway!.TryAsync(HttpMethod.Get, $"payments/{id}", null, null, cancellation);
            if (state?["state"]!.GetValue<string>() != "approved")
                wrong.Add($"Payment {number} is {state?["state"]?.ToString() ?? "not to be read"}");
        }

        var instances = (await emulator.StateAsync())["approvals"]!["instances"]!.AsArray().Count;
        if (instances != _approved.Count) wrong.Add($"For {_approved.Count} payments there are {instances} instances on the platform");
        return wrong;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task ApproveAsync(GatewayCalls gateway, string number, CancellationToken cancellation)
    {
        var made = await gateway.AskAsync(HttpMethod.Post, "payments", new
        {
            number, title = "Laptops", amount = "49382.70", currency = "CNY", webhook = "mica",
            submitter = new { email = "alice@mica.example" },
            form = new Dictionary<string, object> { ["payee"] = "Northwind", ["amount"] = 49382.70m },
        }, number, cancellation);
        var id = made["id"]!.GetValue<string>();
        string? instance = null;
        await gateway.UntilAsync($"the instance of payment {number}", async () =>
        {
            var state = await gateway.TryAsync(HttpMethod.Get, $"payments/{id}", null, null, cancellation);
            return (instance = state?["instance_code"]?.GetValue<string>()) is not null;
        }, cancellation);
        foreach (var approver in (string[])[SeededCompany.Bob, SeededCompany.Carol])
            await emulator.ActAsync(new { @as = approver, @do = "approve", instance });
        _approved.Add((number, id, instance!));
    }
}
