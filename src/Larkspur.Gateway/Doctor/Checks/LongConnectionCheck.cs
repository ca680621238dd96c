using Larkspur.Feishu.LongConnection;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;
using Larkspur.Sockets;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>In long-connection mode: the connection is open, and an event has proven it.</summary>
internal sealed class LongConnectionCheck(LongConnections connections) : IDoctorCheck
{
    public string Id => "long_connection";

    public LocalText Title => LongConnectionCheckTexts.Title;

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of));

    private CheckResult Judge(Examination of)
    {
        if (of.Configured is not { } app) return Examination.NoApp;
        if (app.Mode != EventMode.LongConnection) return CheckResult.Skipped(LongConnectionCheckTexts.EventsComeToCallbackAddress);
        var fix = LongConnectionCheckTexts.ChooseLongConnectionUnder;
        if (connections.All.FirstOrDefault(c => c.App == of.App) is not { } connection)
            return CheckResult.Failed(LongConnectionCheckTexts.ThisProcessHoldsNoLong, fix);
        var status = connection.Status;
        var detail = new System.Text.Json.Nodes.JsonObject { ["state"] = LongConnectionMetrics.Word(status.State), ["losses"] = status.Losses };
        if (connection.Refusal is { } refusal)
            return CheckResult.Failed(LongConnectionCheckTexts.PlatformRefusesLong(refusal), fix, detail);
        if (!status.IsConnected) return CheckResult.Failed(LongConnectionCheckTexts.ThereIsNoLongConnection(connection.Reason), fix,
            detail);
        return status.State == SocketState.Proven
            ? CheckResult.Ok(LongConnectionCheckTexts.ConnectedAndEventCameOverIt, detail)
            : CheckResult.Ok(LongConnectionCheckTexts.ConnectedPingsAreAnsweredNo, detail);
    }
}
