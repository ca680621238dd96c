using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>What all approval endpoints have in common: refusals as error codes, people by the id style of the call.</summary>
internal static class ApprovalCalls
{
    /// <summary>A handler whose <see cref="ApprovalRefusal"/> becomes the endpoint's error.</summary>
    public static void AddApproval(this ApiHandlers on, string id, ApiHandler handler, bool ownValidation = false) => on.Add(id, request =>
    {
        try
        {
            return handler(request);
        }
        catch (ApprovalRefusal refusal)
        {
            throw request.Refuse(refusal.Code, refusal.Message);
        }
    }, ownValidation);

    /// <summary>The person behind an id of the style that <c>user_id_type</c> names; the usual style is <c>open_id</c>.</summary>
    /// <returns>The <c>user_id</c>.</returns>
    public static string PersonBy(this EmulatorState state, ApiRequest request, string id, string? style = null) => (style ?? request.QueryText("user_id_type") ?? "open_id") switch
    {
        "user_id" => state.Named(id)?.UserId,
        "union_id" => state.PersonByUnionId(id)?.UserId,
        _ => state.PersonByOpenId(request.App.AppId, id)?.UserId,
    } ?? throw ApprovalRefusal.Person(id);

    /// <summary>An instance that must belong to the definition that the call names.</summary>
    public static string InstanceOf(this ApprovalEngine engine, ApiRequest request)
    {
        var definition = engine.Definition(request.Text("approval_code")!);
        var instance = engine.Instance(request.Text("instance_code")!);
        return instance.Definition.Code == definition.Code ? instance.Code : throw ApprovalRefusal.Bad("instance_code does not belong to approval_code", "该审批不属于这个审批定义");
    }

    /// <summary>A time in Unix ms as the platform writes it: a number in a string.</summary>
    public static DateTimeOffset Time(string name, string text) =>
        long.TryParse(text, out var ms) && ms >= 0 && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : throw ApprovalRefusal.Bad($"{name} must be Unix milliseconds", $"{name} 必须是毫秒时间戳");

    /// <summary>The language of a call: <c>zh-CN</c> unless it asks for another.</summary>
    public static string Locale(ApiRequest request) => request.QueryText("locale") ?? request.Text("locale") ?? "zh-CN";

    public static JsonArray List(IEnumerable<string> items) => new([.. items.Select(i => (JsonNode?)i)]);
}
