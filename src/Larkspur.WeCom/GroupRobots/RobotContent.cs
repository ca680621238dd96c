using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Larkspur.WeCom.Cards;
using Larkspur.WeCom.Media;

namespace Larkspur.WeCom.GroupRobots;

/// <summary>What a group robot says. Judged before it is sent.</summary>
/// <remarks>Source: developer centre 99110 (2025-08-07).</remarks>
public abstract record RobotContent
{
    private protected RobotContent()
    {
    }

    internal abstract string Type { get; }

    internal virtual JsonNode Body() => JsonSerializer.SerializeToNode(this, GetType(), WeComJson.Options)!;

    internal abstract void Judge(ContentProblems problems);
}

/// <summary>Text, at most 2,048 bytes. <c>&lt;@userid&gt;</c> in it mentions too.</summary>
/// <param name="Content">The text.</param>
/// <param name="MentionedList">Userids to mention, or <c>@all</c>.</param>
/// <param name="MentionedMobileList">Mobile numbers to mention, or <c>@all</c>.</param>
public sealed record RobotText(string Content, IReadOnlyList<string>? MentionedList = null, IReadOnlyList<string>? MentionedMobileList = null) : RobotContent
{
    internal override string Type => "text";

    internal override void Judge(ContentProblems problems) => problems.Text("text.content", Content, 2048);
}

/// <summary>Markdown with colours and <c>&lt;@userid&gt;</c>, at most 4,096 bytes.</summary>
public sealed record RobotMarkdown(string Content) : RobotContent
{
    internal override string Type => "markdown";

    internal override void Judge(ContentProblems problems) => problems.Text("markdown.content", Content, 4096);
}

/// <summary>Markdown with lists, tables, code blocks and pictures, without colours and mentions, at most 4,096 bytes. Old clients show plain text.</summary>
public sealed record RobotMarkdownV2(string Content) : RobotContent
{
    internal override string Type => "markdown_v2";

    internal override void Judge(ContentProblems problems) => problems.Text("markdown_v2.content", Content, 4096);
}

/// <summary>A picture, JPG or PNG, at most 2 MB; it travels in the message.</summary>
public sealed record RobotImage(ReadOnlyMemory<byte> Content) : RobotContent
{
    internal override string Type => "image";

    internal override JsonNode Body()
    {
#pragma warning disable CA5351 // The platform's checksum, not a protection.
        byte[] sum = MD5.HashData(Content.Span);
#pragma warning restore CA5351
        return new JsonObject { ["base64"] = Convert.ToBase64String(Content.Span), ["md5"] = Convert.ToHexStringLower(sum) };
    }

    internal override void Judge(ContentProblems problems)
    {
        if (Content.Length > 2 << 20) problems.Add("image", $"has {Content.Length} bytes, and at most 2 MB are taken");
        if (!MediaRules.IsImage(Content.Span)) problems.Add("image", "is neither JPG nor PNG");
    }
}

/// <summary>Articles, 1 to 8.</summary>
public sealed record RobotNews(IReadOnlyList<RobotArticle> Articles) : RobotContent
{
    internal override string Type => "news";

    internal override void Judge(ContentProblems problems)
    {
        problems.Count("news.articles", Articles, 1, 8);
        foreach (RobotArticle article in Articles)
        {
            problems.Text("news.articles.title", article.Title, 128);
            problems.Bytes("news.articles.description", article.Description, 512);
            problems.Url("news.articles.url", article.Url);
        }
    }
}

/// <summary>An article; the address is required.</summary>
public sealed record RobotArticle(string Title, string Url, string? Description = null, [property: JsonPropertyName("picurl")] string? PictureUrl = null);

/// <summary>A file that was uploaded with this robot's key.</summary>
public sealed record RobotFile(string MediaId) : RobotContent
{
    internal override string Type => "file";

    internal override void Judge(ContentProblems problems) => problems.Required("file.media_id", MediaId);
}

/// <summary>A voice message that was uploaded with this robot's key.</summary>
public sealed record RobotVoice(string MediaId) : RobotContent
{
    internal override string Type => "voice";

    internal override void Judge(ContentProblems problems) => problems.Required("voice.media_id", MediaId);
}

/// <summary>A notice; robots are one-way, so nothing on it can be clicked but links.</summary>
public sealed record RobotCard(TemplateCard Card) : RobotContent
{
    internal override string Type => "template_card";

    internal override JsonNode Body() => Card.ToJson();

    internal override void Judge(ContentProblems problems) => Card.Judge(problems, CardPlace.GroupRobot);
}
