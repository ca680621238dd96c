using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Media;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>Answers that grow: each frame holds the whole text so far, until the last one or six minutes after the question.</summary>
internal sealed class BotStreams(EmulatorState state, EmulatorSettings settings, WeComChats chats, WeComIds ids, WeComMedia media, IHostApplicationLifetime lifetime)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(6);
    /// <summary>Bytes of UTF-8.</summary>
    public const int LongestContent = 20_480;
    public const int MostImages = 10;
    private const int LongestId = 256;
    private const int MostPerRequest = 20;

    /// <summary>One frame. The turn's gate is held.</summary>
    /// <exception cref="WeComRefusal">846608 the window closed or the stream ended, 45002 too long, 40058.</exception>
    public void Take(BotRequest request, JsonObject body, bool withImages)
    {
        var frame = WeComJson.Object(body, "stream") ?? throw WeComRefusal.Parameter("missing stream");
        var id = WeComJson.Text(frame, "id") ?? "";
        if (id.Length == 0 || WeComJson.Bytes(id) > LongestId) throw WeComRefusal.Parameter("stream.id has 1 to 256 bytes");
        var left = request.Began + Life - state.Clock.GetUtcNow();
        if (left <= TimeSpan.Zero) throw Expired();
        var content = WeComJson.Text(frame, "content") ?? "";
        if (WeComJson.Bytes(content) > LongestContent) throw new WeComRefusal(45002, $"stream content exceeds max length: {LongestContent} bytes");
        var finish = WeComJson.Flag(frame, "finish");
        var images = Images(frame, finish, withImages);
        var feedback = BotAnswers.Feedback(frame);

        if (request.Streams.TryGetValue(id, out var messageId))
        {
            if (chats.Message(messageId) is not { Stream: { Finished: false, Expired: false } }) throw Expired();
            chats.Change(messageId, m => m with { Text = content, Content = Content(content), Stream = m.Stream! with { Frames = m.Stream.Frames + 1, Finished = finish, Images = images } });
            return;
        }

        if (request.Streams.Count >= MostPerRequest) throw WeComRefusal.Parameter("too many streams answer one message");
        var message = chats.Add(new WeComMessage
        {
            MessageId = ids.Message(), ChatId = request.Chat.ChatId, MsgId = ids.MsgId(), Sender = WeComSender.AiBot, SenderId = settings.WeCom.AiBotId, Kind = "stream", Text = content, Content = Content(content),
            ReplyTo = request.MessageId, FeedbackId = feedback, Stream = new WeComStreamState { Id = id, Finished = finish, Frames = 1, Images = images },
        });
        request.Streams[id] = message.MessageId;
        if (!finish) _ = ExpireAsync(message.MessageId, left);
    }

    /// <summary>What the last frame of a message said; <see langword="null"/> when it is no stream of this turn.</summary>
    public bool Ended(BotRequest request, string id) => !request.Streams.TryGetValue(id, out var messageId) || chats.Message(messageId) is not { Stream: { Finished: false, Expired: false } };

    private async Task ExpireAsync(string messageId, TimeSpan left)
    {
        await Task.Delay(left, state.Clock, lifetime.ApplicationStopping);
        chats.Change(messageId, m => m.Stream is { Finished: false } stream ? m with { Stream = stream with { Expired = true } } : m);
    }

    private ImmutableArray<string> Images(JsonObject frame, bool finish, bool allowed)
    {
        var items = WeComJson.Objects(frame, "msg_item") ?? [];
        if (items.Count == 0) return [];
        if (!allowed || !finish || items.Count > MostImages) throw WeComRefusal.Parameter($"stream.msg_item comes with finish, over the callback address, and holds at most {MostImages}");
        return [.. items.Select(Image)];
    }

    private string Image(JsonObject item)
    {
        if (WeComJson.Text(item, "msgtype") != "image" || WeComJson.Object(item, "image") is not { } image) throw WeComRefusal.Parameter("stream.msg_item holds images");
        var base64 = WeComJson.Text(image, "base64") ?? "";
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length)) throw WeComRefusal.Parameter("image.base64");
        bytes = bytes[..length];
        if (length > MediaRules.Most("image")) throw new WeComRefusal(40009, "invalid image size");
        if (!MediaRules.IsImage(bytes)) throw new WeComRefusal(40123, "invalid image: JPG or PNG is wanted");
#pragma warning disable CA5351 // The platform wants MD5 against damage on the way, not against attacks.
        var md5 = Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
        if (!md5.Equals(WeComJson.Text(image, "md5"), StringComparison.OrdinalIgnoreCase)) throw new WeComRefusal(301019, "invalid image md5");
        return media.Store("image", "image", bytes);
    }

    private static string Content(string text) => CanonicalJson.Write(new JsonObject { ["content"] = text });

    private static WeComRefusal Expired() => new(846608, "stream message update expired");
}
