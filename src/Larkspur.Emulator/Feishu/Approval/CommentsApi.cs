using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>What people say about a request, and what they answer to each other.</summary>
internal sealed class CommentsApi(EmulatorState state, ApprovalEngine engine) : IApiArea
{
    private const int MostMentions = 100;
    private readonly ApprovalView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.AddApproval("approval.v4.instance.comment.create", Create);
        on.AddApproval("approval.v4.instance.comment.list", List);
        on.AddApproval("approval.v4.instance.comment.delete", Delete);
        on.AddApproval("approval.v4.instance.comment.remove", Remove);
    }

    /// <summary>With <c>comment_id</c> the person's own comment is changed.</summary>
    private ApiAnswer Create(ApiRequest request)
    {
        var (code, user) = (request.Path["instance_id"], state.PersonBy(request, request.QueryText("user_id")!));
        var content = request.Text("content") ?? "";
        var mentions = (request.Body["at_info_list"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        if (mentions.Length > MostMentions) throw ApprovalRefusal.Bad($"at_info_list has more than {MostMentions} people", $"最多提及 {MostMentions} 人");
        var named = mentions.Select(m => (state.PersonBy(request, FormReader.Text(m["user_id"])!), FormReader.Text(m["name"])!, FormReader.Text(m["offset"])!));
        if (request.Text("comment_id") is not { Length: > 0 } id)
        {
            var made = engine.Comment(code, user, content, request.Text("parent_comment_id") is { Length: > 0 } parent ? parent : null, request.Text("extra") ?? "", [.. named]);
            return FeishuAnswer.Data(new JsonObject { ["comment_id"] = made.Id });
        }

        if (content.Length == 0) throw ApprovalRefusal.Bad("content is required", "评论内容不能为空");
        Change(code, user, id, c => c with { Content = content, UpdateTime = state.Clock.GetUtcNow(), Mentions = [.. named] });
        return FeishuAnswer.Data(new JsonObject { ["comment_id"] = id });
    }

    private ApiAnswer List(ApiRequest request)
    {
        state.PersonBy(request, request.QueryText("user_id")!);
        var all = engine.Instance(request.Path["instance_id"]).Comments;
        var page = Paging.Page(request, [.. all.Where(c => c.ParentId is null)], c => Show(request, c, all), 1000, "comments", ApprovalRefusal.BadParameter);
        return FeishuAnswer.Data(new JsonObject { ["comments"] = page["comments"]!.DeepClone() });
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        var id = request.Path["comment_id"];
        Change(request.Path["instance_id"], state.PersonBy(request, request.QueryText("user_id")!), id, c => c with { Deleted = true, UpdateTime = state.Clock.GetUtcNow() });
        return FeishuAnswer.Data(new JsonObject { ["comment_id"] = id });
    }

    /// <summary>All of them, whoever said them.</summary>
    private ApiAnswer Remove(ApiRequest request)
    {
        var instance = engine.Instance(request.Path["instance_id"]);
        var user = request.QueryText("user_id") is { } id ? state.PersonBy(request, id) : instance.UserId;
        engine.ChangeComments(instance.Code, user, i => [.. i.Comments.Select(c => c with { Deleted = true, UpdateTime = state.Clock.GetUtcNow() })]);
        return FeishuAnswer.Data(new JsonObject { ["instance_id"] = instance.Code, ["external_id"] = "" });
    }

    private void Change(string code, string user, string id, Func<ApprovalComment, ApprovalComment> change) => engine.ChangeComments(code, user, instance =>
    {
        var found = instance.Comments.FirstOrDefault(c => c.Id == id && !c.Deleted) ?? throw ApprovalRefusal.Bad($"comment {id} not found", "没有这条评论");
        if (found.UserId != user) throw ApprovalRefusal.Bad("only its author can change a comment", "只有评论人可以修改评论");
        return instance.Comments.Replace(found, change(found));
    });

    private JsonObject Show(ApiRequest request, ApprovalComment comment, IEnumerable<ApprovalComment> all)
    {
        var item = new JsonObject
        {
            ["id"] = comment.Id, ["content"] = comment.Deleted ? "" : comment.Content, ["create_time"] = MessageView.Millis(comment.CreateTime), ["update_time"] = MessageView.Millis(comment.UpdateTime),
            ["is_delete"] = comment.Deleted ? 1 : 0, ["commentator"] = _view.Id(request, comment.UserId), ["extra"] = comment.Extra,
            ["at_info_list"] = new JsonArray([.. comment.Mentions.Select(m => (JsonNode)new JsonObject { ["user_id"] = _view.Id(request, m.UserId), ["name"] = m.Name, ["offset"] = m.Offset })]),
        };
        // Answers to answers stand under the first comment.
        if (comment.ParentId is null) item["replies"] = new JsonArray([.. all.Where(c => c.ParentId is not null && RootOf(c, all) == comment.Id).Select(c => (JsonNode)Show(request, c, all))]);
        return item;
    }

    private static string RootOf(ApprovalComment comment, IEnumerable<ApprovalComment> all)
    {
        while (comment.ParentId is { } parent && all.FirstOrDefault(c => c.Id == parent) is { } above) comment = above;
        return comment.Id;
    }

    /// <summary>The text of a comment: apps write them as <c>{"text":"…"}</c>, people as they are.</summary>
    public static string Text(string content)
    {
        if (!content.StartsWith('{')) return content;
        try
        {
            return FormReader.Text((StrictJson.Parse(content) as JsonObject)?["text"]) ?? content;
        }
        catch (JsonException)
        {
            return content;
        }
    }
}
