using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Larkspur.WeCom.Cards;

namespace Larkspur.WeCom.Messages;

/// <summary>What an application message says. Judged before it is sent: lengths in bytes of UTF-8, counts, required parts.</summary>
/// <remarks>Source: developer centre 90236.</remarks>
public abstract record MessageContent
{
    private protected MessageContent()
    {
    }

    internal abstract string Type { get; }

    /// <summary>Taken by a group chat of the app too.</summary>
    internal virtual bool IsForGroups => true;

    internal virtual JsonNode Body() => JsonSerializer.SerializeToNode(this, GetType(), WeComJson.Options)!;

    internal abstract void Judge(ContentProblems problems);
}

/// <summary>Text, at most 2,048 bytes (the platform would cut the rest off silently; see <see cref="WeComText.Split"/>). <c>&lt;a href=""&gt;</c> is shown as a link.</summary>
public sealed record TextContent(string Content) : MessageContent
{
    internal override string Type => "text";

    internal override void Judge(ContentProblems problems) => problems.Text("text.content", Content, 2048);
}

/// <summary>
/// Markdown, at most 2,048 bytes: headings, bold, links, inline code, quotations, <c>&lt;font color="info|comment|warning"&gt;</c>; no lists, tables or pictures. Shown in the WeCom
/// client only, not in the WeChat plugin.
/// </summary>
public sealed record MarkdownContent(string Content) : MessageContent
{
    internal override string Type => "markdown";

    internal override void Judge(ContentProblems problems) => problems.Text("markdown.content", Content, 2048);
}

/// <summary>A picture that was uploaded.</summary>
public sealed record ImageContent(string MediaId) : MessageContent
{
    internal override string Type => "image";

    internal override void Judge(ContentProblems problems) => problems.Required("image.media_id", MediaId);
}

/// <summary>A voice message (AMR, 60 s) that was uploaded.</summary>
public sealed record VoiceContent(string MediaId) : MessageContent
{
    internal override string Type => "voice";

    internal override void Judge(ContentProblems problems) => problems.Required("voice.media_id", MediaId);
}

/// <summary>A video that was uploaded; title 128 bytes, description 512.</summary>
public sealed record VideoContent(string MediaId, string? Title = null, string? Description = null) : MessageContent
{
    internal override string Type => "video";

    internal override void Judge(ContentProblems problems)
    {
        problems.Required("video.media_id", MediaId);
        problems.Bytes("video.title", Title, 128);
        problems.Bytes("video.description", Description, 512);
    }
}

/// <summary>A file that was uploaded.</summary>
public sealed record FileContent(string MediaId) : MessageContent
{
    internal override string Type => "file";

    internal override void Judge(ContentProblems problems) => problems.Required("file.media_id", MediaId);
}

/// <summary>A title, a text and one link.</summary>
/// <param name="Title">At most 128 bytes.</param>
/// <param name="Description">At most 512 bytes; <c>&lt;div class="gray|highlight|normal"&gt;</c> and <c>&lt;br&gt;</c> are understood.</param>
/// <param name="Url">At most 2,048 bytes.</param>
/// <param name="ButtonText">At most 4 characters; null: the client's "details".</param>
public sealed record TextCardContent(string Title, string Description, string Url, [property: JsonPropertyName("btntxt")] string? ButtonText = null) : MessageContent
{
    internal override string Type => "textcard";

    internal override void Judge(ContentProblems problems)
    {
        problems.Text("textcard.title", Title, 128);
        problems.Text("textcard.description", Description, 512);
        problems.Url("textcard.url", Url);
        if (ButtonText is not null && new System.Globalization.StringInfo(ButtonText).LengthInTextElements > 4) problems.Add("textcard.btntxt", "has more than 4 characters");
    }
}

/// <summary>Articles that open addresses, 1 to 8.</summary>
public sealed record NewsContent(IReadOnlyList<NewsArticle> Articles) : MessageContent
{
    internal override string Type => "news";

    internal override void Judge(ContentProblems problems)
    {
        problems.Count("news.articles", Articles, 1, 8);
        foreach (NewsArticle article in Articles)
        {
            problems.Text("news.articles.title", article.Title, 128);
            problems.Bytes("news.articles.description", article.Description, 512);
            if (article.AppId is null) problems.Url("news.articles.url", article.Url);
            else problems.Required("news.articles.pagepath", article.PagePath);
        }
    }
}

/// <summary>An article that opens an address, or a page of a mini program.</summary>
public sealed record NewsArticle(
    string Title, string? Url = null, string? Description = null, [property: JsonPropertyName("picurl")] string? PictureUrl = null,
    [property: JsonPropertyName("appid")] string? AppId = null, [property: JsonPropertyName("pagepath")] string? PagePath = null);

/// <summary>Articles that the platform itself keeps, 1 to 8.</summary>
public sealed record MpNewsContent(IReadOnlyList<MpNewsArticle> Articles) : MessageContent
{
    internal override string Type => "mpnews";

    internal override void Judge(ContentProblems problems)
    {
        problems.Count("mpnews.articles", Articles, 1, 8);
        foreach (MpNewsArticle article in Articles)
        {
            problems.Text("mpnews.articles.title", article.Title, 128);
            problems.Required("mpnews.articles.thumb_media_id", article.ThumbMediaId);
            problems.Text("mpnews.articles.content", article.Content, 666 * 1024);
            problems.Bytes("mpnews.articles.digest", article.Digest, 512);
        }
    }
}

/// <summary>An article that the platform keeps.</summary>
/// <param name="Title">At most 128 bytes.</param>
/// <param name="ThumbMediaId">Its picture.</param>
/// <param name="Content">HTML, at most 666 KB.</param>
/// <param name="Digest">At most 512 bytes.</param>
/// <param name="Author">Author.</param>
/// <param name="ContentSourceUrl">"Read the original".</param>
public sealed record MpNewsArticle(string Title, string ThumbMediaId, string Content, string? Digest = null, string? Author = null, string? ContentSourceUrl = null);

/// <summary>A notice of a mini program. Only apps that are one may send it, and only to people by name.</summary>
/// <param name="AppId">The mini program.</param>
/// <param name="Title">Title.</param>
/// <param name="Page">What opens.</param>
/// <param name="Description">Text.</param>
/// <param name="EmphasisFirstItem">The first item in large letters.</param>
/// <param name="ContentItem">At most 10 items.</param>
public sealed record MiniProgramNoticeContent(
    [property: JsonPropertyName("appid")] string AppId, string Title, string? Page = null, string? Description = null, bool? EmphasisFirstItem = null,
    IReadOnlyList<MiniProgramItem>? ContentItem = null) : MessageContent
{
    internal override string Type => "miniprogram_notice";

    internal override bool IsForGroups => false;

    internal override void Judge(ContentProblems problems)
    {
        problems.Required("miniprogram_notice.appid", AppId);
        problems.Required("miniprogram_notice.title", Title);
        problems.Count("miniprogram_notice.content_item", ContentItem, 0, 10);
    }
}

/// <summary>A name and its value.</summary>
public sealed record MiniProgramItem(string Key, string Value);

/// <summary>A template card. What can be clicked needs a callback address on the app (43012 without).</summary>
public sealed record CardContent(TemplateCard Card) : MessageContent
{
    internal override string Type => "template_card";

    internal override bool IsForGroups => false;

    internal override JsonNode Body() => Card.ToJson();

    internal override void Judge(ContentProblems problems) => Card.Judge(problems, CardPlace.App);
}
