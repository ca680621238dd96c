using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages;

/// <summary>Images and files for messages: judged here, then passed on to the platform.</summary>
internal sealed class UploadEndpoints(PlatformCalls calls)
{
    private const long LargestImage = 10 << 20;
    private const long LargestFile = 30 << 20;

    /// <summary>What surrounds a file in a form.</summary>
    private const long FormBytes = 64 << 10;

    /// <summary>Uploads under way at once: each may have a temporary file of 30 MB.</summary>
    private const int MostAtOnce = 16;

    private const int LongestName = 250;

    private static readonly string[] FileTypes = ["opus", "mp4", "pdf", "doc", "xls", "ppt", "stream"];

    private readonly SemaphoreSlim _places = new(MostAtOnce);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/uploads/images", (HttpRequest request, UploadEndpoints on, CancellationToken cancellation) => on.PlacedAsync(() => on.ImageAsync(request, cancellation)))
            .WithName("UploadImage").WithSummary("Upload an image, up to 10 MB")
            .WithDescription("As the raw body, or as the part image (or file) of a multipart/form-data. image_type, in the address or the form: message (default) or avatar. "
                + "JPG, PNG, WEBP, GIF, BMP, ICO, TIFF and HEIC are told by their first bytes; anything else is refused before the platform is called.")
            .WithMetadata(new RequestSizeLimitAttribute(LargestImage + FormBytes)).Produces<UploadedImage>(StatusCodes.Status201Created).CallsPlatform().Refuses(413);
        api.MapPost("/uploads/files", (HttpRequest request, UploadEndpoints on, CancellationToken cancellation) => on.PlacedAsync(() => on.FileAsync(request, cancellation)))
            .WithName("UploadFile").WithSummary("Upload a file, up to 30 MB")
            .WithDescription("As the raw body with file_name in the address, or as the part file of a multipart/form-data. file_type (opus, mp4, pdf, doc, xls, ppt, stream) is told "
                + "by the name when it is not given; duration in milliseconds for sound and video.")
            .WithMetadata(new RequestSizeLimitAttribute(LargestFile + FormBytes)).Produces<UploadedFile>(StatusCodes.Status201Created).CallsPlatform().Refuses(413);
    }

    private async Task<IResult> ImageAsync(HttpRequest request, CancellationToken cancellation)
    {
        await using var upload = await UploadRequest.ReadAsync(request, "image", ["image_type", "app"], LargestImage, cancellation);
        var app = calls.App(upload.Field("app"));
        var type = upload.Field("image_type") ?? "message";
        if (type is not ("message" or "avatar")) throw RequestRefusedException.Impossible("bad_image_type", "/image_type", "image_type is message or avatar.");
        var kind = ImageKind.Of((await upload.File.HeadAsync(ImageKind.HeadLength, cancellation)).Span)
            ?? throw RequestRefusedException.Impossible("bad_image", null, "It is no JPG, PNG, WEBP, GIF, BMP, ICO, TIFF or HEIC image, whatever its name says.");
        var made = await app.Client.Im.V1.Image.CreateAsync(new() { ImageType = type, Image = new FeishuFile(upload.File.Content, "image." + kind) },
            calls.Call(app, Endpoints.ImageCreate, upload: true), cancellation);
        return TypedResults.Created((string?)null, new UploadedImage(made.ImageKey));
    }

    private async Task<IResult> FileAsync(HttpRequest request, CancellationToken cancellation)
    {
        await using var upload = await UploadRequest.ReadAsync(request, "file", ["file_name", "file_type", "duration", "app"], LargestFile, cancellation);
        var app = calls.App(upload.Field("app"));
        var given = upload.Field("file_name") ?? upload.File.Name
            ?? throw RequestRefusedException.Malformed("missing", "/file_name", "The file has no name: give file_name.");
        var name = FileAnswer.NameOf(given);
        if (name.Length > LongestName) throw RequestRefusedException.Impossible("too_long", "/file_name", $"A file's name may have {LongestName} characters.");
        var type = upload.Field("file_type") ?? TypeOf(name);
        if (!FileTypes.Contains(type)) throw RequestRefusedException.Impossible("bad_file_type", "/file_type", $"file_type is one of {string.Join(", ", FileTypes)}.");
        var duration = upload.Field("duration") is not { } text ? (long?)null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= int.MaxValue ? ms
            : throw RequestRefusedException.Impossible("bad_duration", "/duration", "duration has milliseconds.");
        var made = await app.Client.Im.V1.File.CreateAsync(new() { FileType = type, FileName = name, Duration = duration, File = new FeishuFile(upload.File.Content, name) },
            calls.Call(app, Endpoints.FileCreate, upload: true), cancellation);
        return TypedResults.Created((string?)null, new UploadedFile(made.FileKey, name, type));
    }

    private async Task<IResult> PlacedAsync(Func<Task<IResult>> upload)
    {
        if (!await _places.WaitAsync(0)) throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "busy", null, "Too many uploads are under way; try again.");
        try
        {
            return await upload();
        }
        finally
        {
            _places.Release();
        }
    }

    private static string TypeOf(string name) => Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".OPUS" => "opus",
        ".MP4" => "mp4",
        ".PDF" => "pdf",
        ".DOC" or ".DOCX" => "doc",
        ".XLS" or ".XLSX" => "xls",
        ".PPT" or ".PPTX" => "ppt",
        _ => "stream",
    };
}

/// <summary>An image that the platform has.</summary>
/// <param name="ImageKey">For messages and cards.</param>
internal sealed record UploadedImage(string? ImageKey);

/// <summary>A file that the platform has.</summary>
/// <param name="FileKey">For messages.</param>
/// <param name="FileName">As people see it.</param>
/// <param name="FileType">Which decides what messages it can be sent as: opus audio, mp4 media, others file.</param>
internal sealed record UploadedFile(string? FileKey, string FileName, string FileType);
