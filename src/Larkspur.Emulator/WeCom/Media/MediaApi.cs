using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Front;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.WeCom.Media;

/// <summary>Upload and download of files.</summary>
internal sealed class MediaApi(EmulatedWorld world, WeComMedia media) : IWeComArea
{
    public const string ImagePath = "/cgi-bin/emulator/image";

    public void Register(WeComHandlers on)
    {
        on.Post("/cgi-bin/media/upload", Upload);
        on.Post("/cgi-bin/media/uploadimg", UploadImage);
        on.Get("/cgi-bin/media/get", Get);
        on.Get(ImagePath, Image, WeComGuard.Own);
    }

    public static WeComUpload Part(WeComCall call) => call.Files.GetValueOrDefault("media") ?? throw new WeComRefusal(44001, "empty media data: the form has no part \"media\"");

    public JsonObject Shown(WeComFile file) => new()
    {
        ["type"] = file.Kind, ["media_id"] = file.MediaId, ["created_at"] = world.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };

    private WeComAnswer Upload(WeComCall call)
    {
        var part = Part(call);
        return WeComAnswer.Ok(Shown(media.Upload(call.Asked("type"), part.FileName, part.Bytes, WeComMedia.Corp)));
    }

    /// <summary>For pictures inside of mpnews and the like; the address is good for ever.</summary>
    private WeComAnswer UploadImage(WeComCall call)
    {
        var part = Part(call);
        MediaRules.Check("image", part.FileName, part.Bytes);
        var key = media.Store("image", part.FileName, part.Bytes);
        return WeComAnswer.Ok(new JsonObject { ["url"] = $"{call.Origin}{ImagePath}?file={key}" });
    }

    private WeComAnswer Get(WeComCall call)
    {
        if (call.Asked("media_id") is not { Length: > 0 } id) throw new WeComRefusal(41006, "media_id missing");
        if (!media.Has(id, null, WeComMedia.Corp, out var file) || media.Bytes(file) is not { } bytes) throw new WeComRefusal(40007, "invalid media_id");
        return new WeComAnswer { Bytes = bytes.Bytes, ContentType = bytes.ContentType, FileName = file.Name };
    }

    private WeComAnswer Image(WeComCall call) => world.File(call.Asked("file")) is { IsImage: true } image
        ? new WeComAnswer { Bytes = image.Bytes, ContentType = image.ContentType, FileName = image.Name }
        : throw new WeComRefusal(40007, "invalid image", StatusCodes.Status404NotFound);
}
