using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Ingress;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages;

/// <summary>Images and files for messages: judged here, then passed on to the platform.</summary>
internal sealed partial class UploadEndpoints(PlatformCalls calls, OwnedObjects objects, UploadPlaces places,
    ILogger<UploadEndpoints> logger)
{
    /// <summary>What is read of a body, if only to answer its sender: closing at once would break the connection under one who still writes.</summary>
    private const long LargestBody = 64 << 20;

    private static readonly TimeSpan DrainFor = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/uploads/images", (HttpRequest request, UploadEndpoints on, CancellationToken cancellation) => on.PlacedAsync(request, on.ImageAsync, cancellation))
            .WithName("UploadImage").Needs(ApiScopes.MessagesWrite).WithSummary("Upload an image, up to 10 MB")
            .WithDescription("As the raw body, or as the part image (or file) of a multipart/form-data. image_type, in the address or the form: message (default) or avatar. "
                + "JPG, PNG, WEBP, GIF, BMP, ICO, TIFF and HEIC are told by their first bytes; anything else is refused before the platform is called.")
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody)).Produces<UploadedImage>(StatusCodes.Status201Created).CallsPlatform().Refuses(413)
            .TakesFile("image", ("image_type", "message (default) or avatar"), ("app", "The app, by its configured name"));
        api.MapPost("/uploads/files", (HttpRequest request, UploadEndpoints on, CancellationToken cancellation) => on.PlacedAsync(request, on.FileAsync, cancellation))
            .WithName("UploadFile").Needs(ApiScopes.MessagesWrite).WithSummary("Upload a file, up to 30 MB")
            .WithDescription("As the raw body with file_name in the address, or as the part file of a multipart/form-data. as: file (default), audio (opus that plays in "
                + "the chat) or media (mp4 that does); duration in milliseconds for those two.")
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody)).Produces<UploadedFile>(StatusCodes.Status201Created).CallsPlatform().Refuses(413)
            .TakesFile("file", ("file_name", "As people see it; needed with a raw body"), ("as", "file (default), audio or media"), ("duration", "Milliseconds, of audio and media"), ("app", "The app, by its configured name"));
    }

    private async Task<IResult> ImageAsync(HttpRequest request, CancellationToken cancellation)
    {
        await using var upload = await UploadRequest.ReadAsync(request, "image", ["image_type", "app"], FeishuUploads.LargestImage, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var app = calls.App(caller, upload.Field("app"), "/app");
        var use = upload.Field("image_type") switch
        {
            null or "message" => ImageUse.Message,
            "avatar" => ImageUse.Avatar,
            _ => throw RequestRefusedException.Impossible("bad_image_type", "/image_type", "image_type is message or avatar."),
        };
        var key = await app.Client.Uploads.ImageAsync(upload.File.Content, use: use, options: calls.Call(app, Endpoints.ImageCreate, upload: true), cancellationToken: cancellation);
        await objects.AddAsync(caller, app.Name, OwnedObjects.File, key, cancellation);
        return TypedResults.Created((string?)null, new UploadedImage(key));
    }

    private async Task<IResult> FileAsync(HttpRequest request, CancellationToken cancellation)
    {
        await using var upload = await UploadRequest.ReadAsync(request, "file", ["file_name", "as", "duration", "app"], FeishuUploads.LargestFile, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var app = calls.App(caller, upload.Field("app"), "/app");
        var name = FileAnswer.NameOf(upload.Field("file_name") ?? upload.File.Name
            ?? throw RequestRefusedException.Malformed("missing", "/file_name", "The file has no name: give file_name."));
        var kind = upload.Field("as") ?? "file";
        var duration = upload.Field("duration") is not { } text ? (TimeSpan?)null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms > 0 ? TimeSpan.FromMilliseconds(ms)
            : throw RequestRefusedException.Impossible("bad_duration", "/duration", "duration has milliseconds.");
        var uploads = app.Client.Uploads;
        if (kind is not ("file" or "audio" or "media")) throw RequestRefusedException.Impossible("bad_kind", "/as", "as is file, audio (opus) or media (mp4).");
        var call = calls.Call(app, Endpoints.FileCreate, upload: true);
        var key = await (kind switch
        {
            "audio" => uploads.AudioAsync(upload.File.Content, name, duration, options: call, cancellationToken: cancellation),
            "media" => uploads.MediaAsync(upload.File.Content, name, duration, options: call, cancellationToken: cancellation),
            _ => uploads.FileAsync(upload.File.Content, name, options: call, cancellationToken: cancellation),
        });
        await objects.AddAsync(caller, app.Name, OwnedObjects.File, key, cancellation);
        return TypedResults.Created((string?)null, new UploadedFile(key, name, kind));
    }

    private async Task<IResult> PlacedAsync(HttpRequest request, Func<HttpRequest, CancellationToken, Task<IResult>> upload, CancellationToken cancellation)
    {
        try
        {
            return await places.RunAsync(Caller.Grant(request.HttpContext).Owner, end => upload(request, end), cancellation);
        }
        catch (Exception e) when (e is RequestRefusedException or UploadRefusedException)
        {
            // Its place is free already: what is only read away keeps no other upload out.
            await DrainAsync(request, cancellation);
            throw;
        }
    }

    private async Task DrainAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(DrainFor);
        try
        {
            await RequestBody.DrainAsync(request, LargestBody, end.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            RestNotRead(e.Message);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The rest of a refused upload was not read: {Reason}")] private partial void RestNotRead(string reason);
}

/// <summary>An image that the platform has.</summary>
/// <param name="ImageKey">For messages and cards.</param>
internal sealed record UploadedImage(string ImageKey);

/// <summary>A file that the platform has.</summary>
/// <param name="FileKey">For messages.</param>
/// <param name="FileName">As people see it.</param>
/// <param name="SendAs">The message that it can be sent as: <c>file</c>, <c>audio</c>, <c>media</c>.</param>
internal sealed record UploadedFile(string FileKey, string FileName, string SendAs);
