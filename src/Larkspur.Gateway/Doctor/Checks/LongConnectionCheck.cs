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

    public LocalText Title => new("长连接", "Long connection");

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of));

    private CheckResult Judge(Examination of)
    {
        if (of.Configured is not { } app) return Examination.NoApp;
        if (app.Mode != EventMode.LongConnection) return CheckResult.Skipped("事件经回调地址到达", "Events come to the callback address");
        var fix = new LocalText("在开发者后台“事件与回调”中选择“使用长连接接收”，并检查出站网络", "Choose the long connection under Events & Callbacks in the developer console, and look at the network going out");
        if (connections.All.FirstOrDefault(c => c.App == of.App) is not { } connection) return CheckResult.Failed(new("本进程没有这个应用的长连接", "This process holds no long connection for the app"), fix);
        var status = connection.Status;
        var detail = new System.Text.Json.Nodes.JsonObject { ["state"] = LongConnectionMetrics.Word(status.State), ["losses"] = status.Losses };
        if (connection.Refusal is { } refusal) return CheckResult.Failed(new($"平台拒绝长连接：{refusal}", $"The platform refuses the long connection: {refusal}"), fix, detail);
        if (!status.IsConnected) return CheckResult.Failed(new($"长连接没有建立：{connection.Reason}", $"There is no long connection: {connection.Reason}"), fix, detail);
        return status.State == SocketState.Proven
            ? CheckResult.Ok("已连接，并收到过事件", "Connected, and an event came over it", detail)
            : CheckResult.Ok("已连接，心跳正常；这次连接还没有事件", "Connected, pings are answered; no event came over this connection yet", detail);
    }
}
