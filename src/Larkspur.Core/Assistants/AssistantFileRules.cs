namespace Larkspur;

/// <summary>Which files a backend takes with a question.</summary>
public sealed record AssistantFileRules
{
    /// <summary>It takes none.</summary>
    public static AssistantFileRules None { get; } = new() { MaxCount = 0 };

    /// <summary>Most files of one question.</summary>
    public int MaxCount { get; init; } = int.MaxValue;

    /// <summary>What each kind is bound by; a kind that is not here is not taken.</summary>
    public IReadOnlyDictionary<AssistantFileKind, AssistantFileRule> Kinds { get; init; } = new Dictionary<AssistantFileKind, AssistantFileRule>();

    /// <summary>Whether it takes such a file.</summary>
    /// <param name="contentType">Media type.</param>
    /// <param name="name">By its extension some files are judged.</param>
    /// <param name="bytes">Its size; null: not known yet.</param>
    /// <returns>Null: it does.</returns>
    public FileRefusal? Judge(string contentType, string name, long? bytes)
    {
        AssistantFileKind kind = KindOf(contentType);
        if (MaxCount == 0 || !Kinds.TryGetValue(kind, out AssistantFileRule? rule)) return FileRefusal.Kind;
        if (rule.Extensions is { } extensions && !extensions.Contains(Path.GetExtension(name).TrimStart('.'), StringComparer.OrdinalIgnoreCase)) return FileRefusal.Type;
        return bytes > rule.MaxBytes ? FileRefusal.TooLarge : null;
    }

    /// <summary>What a media type is as the file of a question.</summary>
    public static AssistantFileKind KindOf(string contentType)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        return contentType.Split('/')[0] switch { "image" => AssistantFileKind.Image, "audio" => AssistantFileKind.Audio, "video" => AssistantFileKind.Video, _ => AssistantFileKind.Document };
    }
}

/// <summary>The bounds of one kind of file.</summary>
/// <param name="MaxBytes">Most bytes.</param>
/// <param name="Extensions">Without the dot; null: any.</param>
public sealed record AssistantFileRule(long MaxBytes, IReadOnlyList<string>? Extensions = null);

/// <summary>What a file is to somebody who answers.</summary>
public enum AssistantFileKind
{
    /// <summary>A picture.</summary>
    Image,

    /// <summary>Text, tables, slides, anything else.</summary>
    Document,

    /// <summary>A recording.</summary>
    Audio,

    /// <summary>A film.</summary>
    Video,
}

/// <summary>Why a file is not taken.</summary>
public enum FileRefusal
{
    /// <summary>The backend takes no files of this kind.</summary>
    Kind,

    /// <summary>It takes such files, but not of this type.</summary>
    Type,

    /// <summary>It has too many bytes.</summary>
    TooLarge,

    /// <summary>There are more files than it takes.</summary>
    TooMany,

    /// <summary>The backend could not be given it for another reason.</summary>
    Unavailable,
}
