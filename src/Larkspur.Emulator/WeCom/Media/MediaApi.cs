using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Media;

/// <summary>Upload and download of files.</summary>
internal sealed class MediaApi(EmulatorState state, WeComMedia media, UrlUploads uploads) : IWeComArea
{
    public const string ImagePath = "/cgi-bin/emulator/image";

    public void Register(WeComHandlers on)
    {
        on.Post("/cgi-bin/media/upload", Upload);
        on.Post("/cgi-bin/media/uploadimg", UploadImage);
        on.Get("/cgi-bin/media/get", Get);
        on.Post("/cgi-bin/media/upload_by_url", UploadByUrl);
        on.Post("/cgi-bin/media/get_upload_by_url_result", UrlUploadResult);
        on.Get(ImagePath, Image, WeComGuard.Own);
    }

    public static UploadedFile Part(WeComCall call) => call.Files.GetValueOrDefault("media") ?? throw new WeComRefusal(44001, "empty media data: the form has no part \"media\"");

    public JsonObject Shown(WeComFile file) => new()
    {
        ["type"] = file.Kind, ["media_id"] = file.MediaId, ["created_at"] = state.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };

    private ApiAnswer Upload(WeComCall call)
    {
        var part = Part(call);
        return WeComAnswer.Ok(Shown(media.Upload(call.Asked("type"), part.FileName, part.Bytes, WeComMedia.Corp)));
    }

    /// <summary>For pictures inside of mpnews and the like; the address is good for ever.</summary>
    private ApiAnswer UploadImage(WeComCall call)
    {
        var part = Part(call);
        MediaRules.Check("image", part.FileName, part.Bytes);
        var key = media.Store("image", part.FileName, part.Bytes);
        return WeComAnswer.Ok(new JsonObject { ["url"] = $"{call.Origin}{ImagePath}?file={key}" });
    }

    private ApiAnswer UploadByUrl(WeComCall call)
    {
        if (WeComJson.Number(call.Body, "scene") != 1) throw WeComRefusal.Parameter("scene is 1");
        var (kind, name, md5) = (call.Need("type"), call.Need("filename"), call.Need("md5"));
        if (kind is not ("video" or "file")) throw new WeComRefusal(40005, "invalid type parameter: video or file");
        if (WeComJson.Bytes(name) > 128 || md5.Length != 32 || !md5.All(char.IsAsciiHexDigit)) throw WeComRefusal.Parameter("filename or md5");
        if (!Uri.TryCreate(call.Need("url"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || !url.IsLoopback || url.UserInfo.Length > 0 || url.OriginalString.Length > 1024)
        {
            throw new WeComRefusal(UrlUploads.BadAddress, "invalid url: the emulator fetches from this machine only");
        }

        return WeComAnswer.Ok(new JsonObject { ["jobid"] = uploads.Begin(kind, name, url, md5) });
    }

    private ApiAnswer UrlUploadResult(WeComCall call)
    {
        var job = uploads.Find(call.Need("jobid")) ?? throw WeComRefusal.Parameter("jobid does not exist");
        var answer = new JsonObject { ["status"] = job.Status };
        if (job.Status != 1)
        {
            answer["detail"] = new JsonObject
            {
                ["errcode"] = job.Code, ["errmsg"] = job.Message, ["media_id"] = job.MediaId, ["created_at"] = (job.Ended?.ToUnixTimeSeconds() ?? 0).ToString(CultureInfo.InvariantCulture),
            };
        }

        return WeComAnswer.Ok(answer);
    }

    private ApiAnswer Get(WeComCall call)
    {
        if (call.Asked("media_id") is not { Length: > 0 } id) throw new WeComRefusal(41006, "media_id missing");
        if (!media.Has(id, null, WeComMedia.Corp, out var file) || media.Bytes(file) is not { } bytes) throw new WeComRefusal(40007, "invalid media_id");
        return new ApiAnswer { Bytes = bytes.Bytes, ContentType = bytes.ContentType, FileName = file.Name };
    }

    private ApiAnswer Image(WeComCall call) => state.File(call.Asked("file")) is { IsImage: true } image
        ? new ApiAnswer { Bytes = image.Bytes, ContentType = image.ContentType, FileName = image.Name }
        : throw new WeComRefusal(40007, "invalid image", StatusCodes.Status404NotFound);
}
