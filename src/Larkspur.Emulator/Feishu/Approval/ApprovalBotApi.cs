using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Approvals;
using TaskStatus = Larkspur.Emulator.State.Approvals.TaskStatus;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Messages of the platform's own approval bot, and the reminders that it sends.</summary>
/// <remarks>What each template looks like on the platform is UNVERIFIED; here all are cards with a title of their own.</remarks>
internal sealed class ApprovalBotApi(EmulatorState state, ApprovalEngine engine, ApprovalBot bot, IdempotencyKeys once) : IApiArea
{
    private static readonly TimeSpan SameUuid = TimeSpan.FromHours(1);

    public void Register(ApiHandlers on)
    {
        on.AddApproval("approval.v1.message.send.post", Send, ownValidation: true);
        on.AddApproval("approval.v1.message.update.post", Update);
        on.AddApproval("approval.v4.instance.remind", Remind);
    }

    /// <summary>One of <c>user_id</c> and <c>open_id</c> is enough, whatever the catalogue says of both.</summary>
    private ApiAnswer Send(ApiRequest request)
    {
        var template = request.Text("template_id") ?? "";
        if (!ApprovalBot.Templates.Contains(template)) throw ApprovalRefusal.Bad("template_id is unknown", "template_id 不存在");
        var person = request.Text("user_id") is { Length: > 0 } user ? state.PersonBy(request, user, "user_id")
            : request.Text("open_id") is { Length: > 0 } open ? state.PersonBy(request, open, "open_id")
            : throw ApprovalRefusal.Bad("user_id or open_id is required", "user_id 和 open_id 至少填写一个");
        if (request.Text("uuid") is { Length: > 64 }) throw ApprovalRefusal.Bad("uuid is longer than 64 characters", "uuid 超过 64 个字符");
        var texts = Texts(request);
        var actions = (request.Body["actions"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        if (actions.Length > 2) throw ApprovalRefusal.Bad("actions has more than 2 entries", "actions 最多 2 个");
        var summaries = (request.Body["content"]?["summaries"] as JsonArray ?? []).OfType<JsonObject>().Select(s => texts.Say(FormReader.Text(s["summary"]) ?? "", "zh-CN")).ToArray();
        if (summaries.Length > 5) throw ApprovalRefusal.Bad("content.summaries has more than 5 entries", "summaries 最多 5 个");
        return once.Run(request.Text("uuid") is { Length: > 0 } uuid ? $"{request.App.AppId}/{request.Endpoint.Id}/{uuid}" : null, SameUuid, () =>
        {
            var notice = new ApprovalNotice(template, request.App.AppId, texts.Say(request.Text("approval_name") ?? "", "zh-CN"), [.. summaries.Append(request.Text("comment") ?? "").Append(texts.Say(request.Text("note") ?? "", "zh-CN")).Where(l => l.Length > 0)],
                [.. actions.Select(a => (FormReader.Text(a["action_name"]) is "DETAIL" or null ? "查看详情" : texts.Say(FormReader.Text(a["action_name"])!, "zh-CN"), FormReader.Text(a["pc_url"]) ?? FormReader.Text(a["url"]) ?? ""))], state.Clock.GetUtcNow());
            return FeishuAnswer.Data(new JsonObject { ["message_id"] = bot.Send(person, notice) });
        }, () => ApprovalRefusalAs(request));
    }

    /// <summary>Only to-do messages (1008) of the same app, for 30 days.</summary>
    private ApiAnswer Update(ApiRequest request)
    {
        var id = request.Text("message_id")!;
        var status = request.Text("status")!;
        if (!bot.Update(id, request.App.AppId, status, Texts(request).Say(request.Text("status_name") ?? "", "zh-CN"))) throw ApprovalRefusal.Bad("this message cannot be updated", "该消息不支持更新");
        return FeishuAnswer.Data(new JsonObject { ["message_id"] = id });
    }

    /// <summary>The submitter (by their own token) reminds approvers.</summary>
    private ApiAnswer Remind(ApiRequest request)
    {
        var instance = engine.Instance(request.Text("instance_code")!);
        if (request.Caller!.UserId != instance.UserId) throw ApprovalRefusal.Bad("only the submitter can remind", "只有发起人可以催办");
        var tasks = request.Texts("task_ids").Select(id => instance.Tasks.FirstOrDefault(t => t.Id == id) ?? throw new ApprovalRefusal(ApprovalRefusal.NoTask, $"task not found: {id}", $"没有这个任务：{id}")).ToArray();
        if (tasks.FirstOrDefault(t => t.Status != TaskStatus.Pending) is { } done) throw ApprovalRefusal.Bad($"the task {done.Id} is not pending", "该任务已处理");
        foreach (var task in tasks)
        {
            bot.Send(task.UserId, new ApprovalNotice(ApprovalBot.Reminder, request.App.AppId, instance.Name("zh-CN"), request.Text("comment") is { Length: > 0 } comment ? [comment] : [],
                [("查看详情", $"{request.Origin.Scheme}://{request.Origin.Host}/approvals?instance={instance.Code}")], state.Clock.GetUtcNow()));
        }

        return FeishuAnswer.Data();
    }

    /// <summary>These calls give their texts as a map, not as a list.</summary>
    private static LocalTexts Texts(ApiRequest request)
    {
        var list = new JsonArray();
        foreach (var resource in (request.Body["i18n_resources"] as JsonArray ?? []).OfType<JsonObject>())
        {
            list.Add(new JsonObject
            {
                ["locale"] = resource["locale"]?.DeepClone(), ["is_default"] = resource["is_default"]?.DeepClone(),
                ["texts"] = new JsonArray([.. (resource["texts"] as JsonObject ?? []).Select(t => (JsonNode)new JsonObject { ["key"] = t.Key, ["value"] = FormReader.Text(t.Value) ?? "" })]),
            });
        }

        return list.OfType<JsonObject>().All(r => FormReader.Text(r["locale"]) is not null) ? DefinitionReader.Texts(list) : throw ApprovalRefusal.Bad("i18n_resources: locale is required", "i18n_resources 缺少 locale");
    }

    private static ApiRefusedException ApprovalRefusalAs(ApiRequest request) => request.Refuse(ApprovalRefusal.UuidTaken, "uuid conflict");
}
