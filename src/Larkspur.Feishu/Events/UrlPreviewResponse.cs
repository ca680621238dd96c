using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Events;

/// <summary>Answer to the callback <c>url.preview.get</c>: how a link of the app looks in a message.</summary>
/// <remarks>Answer within 3 s; the platform never repeats it. Without <see cref="Inline"/> and <see cref="Card"/> the link stays a bare address.</remarks>
public sealed record UrlPreviewResponse
{
    /// <summary>What stands in the place of the address, or null.</summary>
    public UrlPreviewInline? Inline { get; init; }

    /// <summary>The card below the message, or null.</summary>
    public UrlPreviewCard? Card { get; init; }
}

/// <summary>What stands in the place of a link's address.</summary>
public sealed record UrlPreviewInline
{
    /// <summary>Text, where <see cref="I18nTitle"/> has none for the reader's language.</summary>
    public string? Title { get; init; }

    /// <summary>Texts by locale: <c>zh_cn</c>, <c>en_us</c>, …</summary>
    public IReadOnlyDictionary<string, string>? I18nTitle { get; init; }

    /// <summary>Icon before the text: an image uploaded as <c>message</c>, <c>img_…</c>.</summary>
    public string? ImageKey { get; init; }

    /// <summary>Where a click leads; null: to the address itself.</summary>
    public UrlPreviewTarget? Url { get; init; }
}

/// <summary>Where a click on a previewed link leads, by client.</summary>
public sealed record UrlPreviewTarget
{
    /// <summary>What is copied.</summary>
    public string? CopyUrl { get; init; }

    /// <summary>On iOS.</summary>
    public string? Ios { get; init; }

    /// <summary>On Android.</summary>
    public string? Android { get; init; }

    /// <summary>In the desktop client.</summary>
    public string? Pc { get; init; }

    /// <summary>In the browser client.</summary>
    public string? Web { get; init; }
}

/// <summary>A card below a previewed link.</summary>
public sealed record UrlPreviewCard
{
    private UrlPreviewCard(string type, JsonNode data) => (Type, Data) = (type, data);

    /// <summary><c>raw</c> or <c>template</c>.</summary>
    public string Type { get; }

    /// <summary>The card JSON, or the template's id, version and variables.</summary>
    public JsonNode Data { get; }

    /// <summary>A complete card JSON.</summary>
    public static UrlPreviewCard Raw(JsonNode card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return new("raw", card.DeepClone());
    }

    /// <summary>A template made in the card tool; the app must be on the template's list.</summary>
    public static UrlPreviewCard Template(string templateId, string? version = null, JsonObject? variables = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(templateId);
        var data = new JsonObject { ["template_id"] = templateId };
        if (version is not null) data["template_version_name"] = version;
        if (variables is not null) data["template_variable"] = variables.DeepClone();
        return new("template", data);
    }
}
