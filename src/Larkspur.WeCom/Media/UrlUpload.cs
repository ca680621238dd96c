using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Media;

/// <summary>A file that the platform is to fetch: for those too large to be sent, up to 200 MB.</summary>
public sealed record UrlUpload
{
    /// <summary><see cref="MediaKind.Video"/> (MP4) or <see cref="MediaKind.File"/>; the platform takes no others this way.</summary>
    public required MediaKind Kind { get; init; }

    /// <summary>Name, as people will see it; 128 bytes.</summary>
    public required string FileName { get; init; }

    /// <summary>Where it lies: http or https, reachable for the platform, and served with ranges.</summary>
    public required Uri Url { get; init; }

    /// <summary>MD5 of the bytes, hexadecimal.</summary>
    public required string Md5 { get; init; }

    /// <summary>What it is for; the platform knows 1, welcome messages of groups.</summary>
    public int Scene { get; init; } = 1;

    internal object Body()
    {
        var problems = new ContentProblems();
        if (Kind is not (MediaKind.Video or MediaKind.File)) problems.Add("type", "is video or file");
        problems.Text("filename", FileName, 128);
        problems.Url("url", Url?.OriginalString, 1024);
        if (Md5 is not { Length: 32 } || !Md5.All(char.IsAsciiHexDigit)) problems.Add("md5", "has 32 hexadecimal digits");
        problems.ThrowIfAny();
        return new { scene = Scene, type = MediaRules.NameOf(Kind), filename = FileName, url = Url!.AbsoluteUri, md5 = Md5.ToLowerInvariant() };
    }
}

/// <summary>How far the fetching is.</summary>
public enum UrlUploadStatus
{
    /// <summary>At work.</summary>
    Running = 1,

    /// <summary>Done; <see cref="UrlUploadResult.MediaId"/> is there.</summary>
    Done = 2,

    /// <summary>Failed; <see cref="UrlUploadResult.ErrorCode"/> says why.</summary>
    Failed = 3,
}

/// <summary>What came of a fetching.</summary>
/// <param name="Status">How far it is.</param>
/// <param name="MediaId">Good for 3 days; null until it is done.</param>
/// <param name="CreatedAt">When it was done; null until then.</param>
/// <param name="ErrorCode">0, or why it failed: 830001 the address cannot be used, 830003 fetching failed, 301019 the MD5 differs, 45001 too large.</param>
/// <param name="ErrorMessage">In the platform's text.</param>
public sealed record UrlUploadResult(UrlUploadStatus Status, string? MediaId, DateTimeOffset? CreatedAt, int ErrorCode, string ErrorMessage);

internal sealed record UrlUploadWire([property: JsonRequired] UrlUploadStatus Status, UrlUploadDetailWire? Detail)
{
    public UrlUploadResult ToResult() => new(
        Status, Detail?.MediaId is { Length: > 0 } id ? id : null, Approvals.UnixTime.Of(Detail?.CreatedAt ?? 0), Detail?.ErrCode ?? 0, Detail?.ErrMsg ?? "");
}

internal sealed record UrlUploadDetailWire([property: JsonPropertyName("errcode")] int ErrCode, [property: JsonPropertyName("errmsg")] string? ErrMsg, string? MediaId, long? CreatedAt);
