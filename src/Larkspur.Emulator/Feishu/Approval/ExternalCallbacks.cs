using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Tells another system that somebody clicked on its request; that system decides and syncs the result back.</summary>
internal sealed class ExternalCallbacks(EmulatorState state, EmulatorSettings settings) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private const int LongestAnswer = 64 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2) })
    {
        Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer,
    };

    public async Task<LocalizedText?> ClickAsync(string personId, ExternalInstance instance, ApprovalAction asked, CancellationToken cancellationToken)
    {
        var task = instance.Tasks.FirstOrDefault(t => t.UserId == personId && t.Status == "PENDING" && (asked.TaskId is null || t.TaskId == asked.TaskId));
        if (task is null) return new LocalizedText("This person has no pending task in this request.", "此人在该审批里没有待办任务。");
        var type = asked.What switch { "approve" => "APPROVE", "reject" => "REJECT", _ => asked.What };
        if (task.Actions.FirstOrDefault(a => a.Type == type) is not { } action) return new LocalizedText("This request is decided in the system that it comes from.", "请到来源系统里处理该审批。");
        if (action.ReasonRequired && string.IsNullOrWhiteSpace(asked.Comment)) return new LocalizedText("A reason is needed.", "需要填写理由。");
        if (state.ExternalApproval(instance.Code) is not { CallbackUrl.Length: > 0 } approval || state.App(approval.AppId) is not { } app) return new LocalizedText("The other system has no callback address.", "来源系统没有配置回调地址。");
        var plain = CanonicalJson.Write(new JsonObject
        {
            ["action_type"] = type, ["action_context"] = task.Context, ["user_id"] = personId, ["approval_code"] = approval.Code, ["instance_id"] = instance.InstanceId,
            ["task_id"] = task.TaskId, ["message_id"] = "", ["id"] = state.Ids.Next(""), ["reason"] = asked.Comment ?? "", ["attachments"] = new JsonArray(), ["token"] = approval.CallbackToken,
        });
        return await SendAsync(app, approval, plain, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<LocalizedText?> SendAsync(BotApp app, ExternalApproval approval, string plain, CancellationToken cancellationToken)
    {
        var body = approval.CallbackKey.Length == 0 ? plain : EventEnvelope.Encrypt(approval.CallbackKey, plain, RandomNumberGenerator.GetBytes(16));
        var started = settings.RealTime.GetTimestamp();
        using var timer = new CancellationTokenSource(Deadline, settings.RealTime);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        DeliveryResult result;
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await _http.PostAsync(approval.CallbackUrl, content, both.Token);
            result = new DeliveryResult((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(both.Token), DeliveryFailure.None, Milliseconds());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            result = new DeliveryResult(0, "", DeliveryFailure.Timeout, Milliseconds());
        }
        catch (HttpRequestException)
        {
            result = new DeliveryResult(0, "", DeliveryFailure.Connect, Milliseconds());
        }

        var said = OutcomeOf(result);
        var signed = new SignedRequest(plain, body, approval.CallbackKey.Length > 0, []);
        state.Inspector.Add(PushRecords.Make(state, app, "external_approval.action", "", 1, approval.CallbackUrl, signed, result, said?.En ?? "taken"));
        return said;

        double Milliseconds() => Math.Round(settings.RealTime.GetElapsedTime(started).TotalMilliseconds, 2);
    }

    /// <summary>Above 400 the other system may say in <c>message</c> why it refuses.</summary>
    private static LocalizedText? OutcomeOf(DeliveryResult result)
    {
        if (result.Failure == DeliveryFailure.Timeout) return new LocalizedText("The other system did not answer within 10 s.", "来源系统 10 秒内没有响应。");
        if (result.Failure != DeliveryFailure.None) return new LocalizedText("The other system cannot be reached.", "无法连接来源系统。");
        if (result.Status < 400) return null;
        try
        {
            if (FormReader.Text((StrictJson.Parse(result.Body) as JsonObject)?["message"]) is { Length: > 0 and < 500 } message) return new LocalizedText(message, message);
        }
        catch (JsonException)
        {
            return new LocalizedText($"The other system answered {result.Status} without words.", $"来源系统返回了 {result.Status}，没有说明原因。");
        }

        return new LocalizedText($"The other system answered {result.Status}.", $"来源系统返回了 {result.Status}。");
    }
}
