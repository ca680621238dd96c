using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Cards;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Media;
using Larkspur.Emulator.WeCom.Messages;

namespace Larkspur.Emulator.WeCom.GroupRobots;

/// <summary>Messages into a group with nothing but its key.</summary>
internal sealed class GroupRobotApi(RobotKeys robots, WeComChats chats, WeComIds ids, WeComMedia media, MediaApi mediaApi, MessageValidator validator, WeComLimits limits) : IWeComArea
{
    public const int PerMinute = 20;
    public const int LongestText = 2048;
    public const int LongestMarkdown = 4096;
    public const int LargestImage = 2 << 20;

    public void Register(WeComHandlers on)
    {
        on.Post("/cgi-bin/webhook/send", Send, WeComGuard.Own);
        on.Post("/cgi-bin/webhook/upload_media", Upload, WeComGuard.Own);
    }

    private ApiAnswer Send(WeComCall call)
    {
        var robot = Robot(call);
        if (!limits.TryTake("robot/" + robot.Key, PerMinute, WeComLimits.Minute, WeComLimits.Minute)) throw WeComRefusal.TooFast();
        if (chats.Chat(robot.ChatId) is null) throw new WeComRefusal(93008, "the robot is not in the group");
        var body = Read(call.Body, robot);
        chats.Add(new WeComMessage
        {
            MessageId = ids.Message(), ChatId = robot.ChatId, MsgId = ids.MsgId(), Sender = WeComSender.GroupRobot, SenderId = robot.Id, Kind = body.Kind, Text = body.Text,
            Content = body.Card is null ? CanonicalJson.Write(body.Content) : "{}",
            Card = body.Card is { } card ? new WeComCardState { Json = CanonicalJson.Write(card), TaskId = CardOutline.Of(card).TaskId } : null,
        });
        return WeComAnswer.Ok();
    }

    private ApiAnswer Upload(WeComCall call)
    {
        var robot = Robot(call);
        var kind = call.Asked("type");
        if (kind is not ("file" or "voice")) throw new WeComRefusal(40005, "invalid type parameter");
        // Public clients send the part under the name "file" as well, and are served.
        var part = call.Files.GetValueOrDefault("file") is { } other && !call.Files.ContainsKey("media") ? other : MediaApi.Part(call);
        return WeComAnswer.Ok(mediaApi.Shown(media.Upload(kind, part.FileName, part.Bytes, Scope(robot))));
    }

    private GroupRobot Robot(WeComCall call)
    {
        if (robots.Find(call.Asked("key")) is not { } robot) throw new WeComRefusal(93000, "invalid webhook url");
        return robot.Disabled ? throw new WeComRefusal(93004, "the robot is disabled") : robot;
    }

    private MessageBody Read(JsonObject message, GroupRobot robot)
    {
        var kind = WeComJson.Text(message, "msgtype") ?? "";
        if (kind is not ("text" or "markdown" or "markdown_v2" or "image" or "news" or "file" or "voice" or "template_card")) throw new WeComRefusal(40008, "invalid message type");
        var content = WeComJson.Object(message, kind)?.DeepClone().AsObject() ?? throw WeComRefusal.Parameter($"missing {kind}");
        switch (kind)
        {
            case "text":
                WeComJson.Texts(content, "mentioned_list");
                WeComJson.Texts(content, "mentioned_mobile_list");
                return new MessageBody(kind, MessageValidator.Fits(content, "content", LongestText), content);
            case "markdown" or "markdown_v2":
                return new MessageBody(kind, MessageValidator.Fits(content, "content", LongestMarkdown), content);
            case "image":
                return Image(content);
            case "news":
                return MessageValidator.News(content, needsUrl: true);
            case "template_card":
                CardValidator.Check(content, CardPlace.GroupRobot);
                return new MessageBody(kind, CardOutline.Title(content), content);
            default:
                return validator.Attachment(kind, content, Scope(robot));
        }
    }

    /// <summary>The picture stands in the message itself; it is kept as a file, and the message by its key.</summary>
    private MessageBody Image(JsonObject content)
    {
        var base64 = WeComJson.Text(content, "base64") ?? "";
        if (base64.Length > LargestImage / 3 * 4 + 8) throw new WeComRefusal(40009, "invalid image size");
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || length == 0) throw WeComRefusal.Parameter("image.base64");
        bytes = bytes[..length];
        if (length > LargestImage) throw new WeComRefusal(40009, "invalid image size");
        if (!MediaRules.IsImage(bytes)) throw new WeComRefusal(40123, "invalid image: JPG or PNG is wanted");
        if (!Md5Of(bytes).Equals(WeComJson.Text(content, "md5"), StringComparison.OrdinalIgnoreCase)) throw new WeComRefusal(301019, "invalid image md5");
        return new MessageBody("image", "", new JsonObject { ["file_key"] = media.Store("image", "image", bytes) });
    }

    // The platform wants MD5 against damage on the way, not against attacks.
#pragma warning disable CA5351
    private static string Md5Of(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351

    private static string Scope(GroupRobot robot) => "robot/" + robot.Key;
}
