using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>Where a stream is, and how to speak there. Stored as JSON with an answer that another process has to show.</summary>
/// <param name="TargetType">Kind of <paramref name="Target"/>.</param>
/// <param name="Target">Userid, or the group's chat id.</param>
/// <param name="Extra"><see cref="ReplyAddress.Extra"/>.</param>
/// <param name="Language">Of our own words in it, a tag.</param>
/// <param name="FeedbackId">The platform's id for people's thumbs.</param>
/// <param name="Reference">What people may quote.</param>
internal sealed record StreamPlace(string TargetType, string Target, string? Extra, string Language, string FeedbackId, string Reference)
{
    public static StreamPlace Of(AnswerRequest request) =>
        new(request.Reply.TargetType, request.Reply.Target, request.Reply.Extra, request.Language.Tag(), request.Turn, request.Reference);

    /// <summary>Reads one that was stored; null: another version's, whose end comes all the same.</summary>
    public static StreamPlace? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<StreamPlace>(json) is { TargetType: not null, Target: not null, FeedbackId: not null } place ? place : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this);

    public WeComReplyTo To() => WeComReplyTo.Read(TargetType, Target, Extra);

    public Language Spoken() => Languages.FromTag(Language) ?? Common.Localisation.Language.Chinese;
}
