using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Api;
using V4 = Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

public readonly partial struct ApprovalInstances
{
    private const int MostComments = 1000;

    /// <summary>Says something about an instance, in somebody's name.</summary>
    /// <param name="codeOrUuid">The instance.</param>
    /// <param name="author">In whose name.</param>
    /// <param name="text">The text.</param>
    /// <param name="replyTo">The comment that this one answers, or null.</param>
    /// <param name="files">What is attached; uploaded before (<c>feishu.Approvals.Files</c>).</param>
    /// <param name="quiet">True: the approval bot tells nobody.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; the comment may have been made.</param>
    /// <returns>The comment's id.</returns>
    /// <exception cref="ArgumentException">There is no text. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async Task<string> CommentAsync(
        string codeOrUuid, ApprovalPerson author, string text, string? replyTo = null, IEnumerable<ApprovalCommentFile>? files = null, bool quiet = false,
        FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(codeOrUuid);
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var content = new JsonObject { ["text"] = text };
        if (files is not null)
        {
            content["files"] = new JsonArray([.. files.Select(f => (JsonNode)new JsonObject
            {
                ["url"] = f.Url, ["thumbnailURL"] = f.Url, ["fileSize"] = f.Length, ["title"] = f.Name, ["type"] = f.IsImage ? "image" : "attachment",
            })]);
        }

        var made = await _client.Approval.V4.Instance.Comment.CreateAsync(
            new()
            {
                InstanceId = codeOrUuid, UserId = author.Id, UserIdType = author.IdType, Content = content.ToJsonString(FeishuJson.Options), ParentCommentId = replyTo, DisableBot = quiet,
            },
            options,
            cancellationToken);
        return made.CommentId is { Length: > 0 } id ? id : throw new FeishuApiException("The comment was made without an id.") { HttpStatus = 200, Endpoint = V4.Endpoints.InstanceCommentCreate.Id };
    }

    /// <summary>The comments of an instance with their answers; deleted ones are marked.</summary>
    /// <param name="codeOrUuid">The instance.</param>
    /// <param name="reader">As whom they are read.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <remarks>The platform names no token for a next page, so this is the first thousand.</remarks>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async Task<IReadOnlyList<ApprovalComment>> CommentsAsync(string codeOrUuid, ApprovalPerson reader, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(codeOrUuid);
        var answer = await _client.Approval.V4.Instance.Comment.ListAsync(
            new() { InstanceId = codeOrUuid, UserId = reader.Id, UserIdType = reader.IdType, PageSize = MostComments }, options, cancellationToken);
        return [.. (answer.Comments ?? []).Select(ApprovalComment.From)];
    }

    /// <summary>Deletes a comment, and its answers with it.</summary>
    /// <param name="codeOrUuid">The instance.</param>
    /// <param name="commentId">Which one.</param>
    /// <param name="author">Whose it is.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public Task DeleteCommentAsync(string codeOrUuid, string commentId, ApprovalPerson author, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(codeOrUuid);
        return _client.Approval.V4.Instance.Comment.DeleteAsync(
            new() { InstanceId = codeOrUuid, CommentId = ApprovalIds.Code(commentId, nameof(commentId)), UserId = author.Id, UserIdType = author.IdType }, options, cancellationToken);
    }

    /// <summary>Deletes all comments of an instance.</summary>
    /// <param name="codeOrUuid">The instance.</param>
    /// <param name="by">In whose name.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public Task DeleteAllCommentsAsync(string codeOrUuid, ApprovalPerson by, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(codeOrUuid);
        return _client.Approval.V4.Instance.Comment.RemoveAsync(new() { InstanceId = codeOrUuid, UserId = by.Id, UserIdType = by.IdType }, options, cancellationToken);
    }
}

/// <summary>A file at a comment.</summary>
/// <param name="Url">What the upload answered.</param>
/// <param name="Name">What people see.</param>
/// <param name="Length">Bytes.</param>
/// <param name="IsImage">A picture.</param>
public sealed record ApprovalCommentFile(string Url, string Name, long Length, bool IsImage);

/// <summary>A comment.</summary>
/// <param name="CommentId">Which.</param>
/// <param name="Author">Whose, by the kind of id that the reader was given in.</param>
/// <param name="Text">The text.</param>
/// <param name="At">When.</param>
/// <param name="IsDeleted">It was deleted.</param>
/// <param name="Replies">The answers.</param>
public sealed record ApprovalComment(string CommentId, string Author, string Text, DateTimeOffset? At, bool IsDeleted, IReadOnlyList<ApprovalComment> Replies)
{
    internal static ApprovalComment From(V4.Comment comment) => new(
        comment.Id ?? "", comment.Commentator ?? "", Words(comment.Content), ApprovalTime.Read(comment.CreateTime), comment.IsDelete == 1,
        [.. (comment.Replies ?? []).Select(r => new ApprovalComment(r.Id ?? "", r.Commentator ?? "", Words(r.Content), ApprovalTime.Read(r.CreateTime), r.IsDelete == 1, []))]);

    /// <summary>The content is what was sent: JSON with the text in it; a comment from the client may be plain.</summary>
    internal static string Words(string? content)
    {
        if (string.IsNullOrEmpty(content) || content[0] != '{') return content ?? "";
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            return document.RootElement.TryGetProperty("text", out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : content;
        }
        catch (JsonException)
        {
            // Words that begin with a brace.
            return content;
        }
    }
}
