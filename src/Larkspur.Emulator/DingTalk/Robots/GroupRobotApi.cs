using System.Security.Cryptography;
using System.Text;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary><c>/robot/send</c>: a group's custom robot, with its three kinds of security.</summary>
internal sealed class GroupRobotApi(GroupRobots robots, DingTalkChats chats, WebhookContent contents, RobotMessages voice, EmulatorSettings settings) : IDingTalkArea
{
    private const long Security = 310000;
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    public IEnumerable<DingTalkRoute> Routes => [DingTalkRoute.Post("/robot/send", Send) with { Token = TokenKind.None }];

    private DingTalkAnswer Send(DingTalkCall call)
    {
        var token = call.Query["access_token"].ToString();
        if (token.Length == 0) throw DingTalkRefusal.Old(400101, "access_token is missing");
        var robot = robots.Find(token) ?? throw DingTalkRefusal.Old(400106, "robot does not exist");
        if (robot.Stopped) throw DingTalkRefusal.Old(400102, "robot is stopped");
        if (chats.Find(robot.ChatId) is not { Disbanded: false }) throw DingTalkRefusal.Old(400013, "group is disbanded");
        CheckSign(robot, call.Query["timestamp"].ToString(), call.Query["sign"].ToString());
        if (!AddressRange.AnyHolds(robot.Addresses, call.Remote)) throw DingTalkRefusal.Old(Security, $"ip {call.Remote} not in whitelist");
        var content = contents.Read(call.Body);
        if (content is null) return new([]);
        if (robot.Keywords is [_, ..] && !robot.Keywords.Any(k => WebhookContent.Searched(content).Contains(k, StringComparison.Ordinal))) throw DingTalkRefusal.Old(Security, "keywords not in content");
        var uuid = call.Text("msgUuid");
        if (uuid is not null && robots.HasSaid(token, uuid)) return new([]);
        if (!robots.TryPass(token)) throw DingTalkRefusal.Old(410100, "send too fast");
        if (uuid is not null && !robots.IsFirst(token, uuid)) return new([]);
        voice.SayAs(robot, content);
        return new([]);
    }

    /// <summary>Within an hour of real time: the sender has a clock of its own. Nothing is single-use inside it.</summary>
    private void CheckSign(GroupRobot robot, string timestamp, string sign)
    {
        if (robot.Secret is not { } secret) return;
        var now = settings.RealTime.GetUtcNow().ToUnixTimeMilliseconds();
        if (!long.TryParse(timestamp, out var at) || Math.Abs((decimal)now - at) > (decimal)Tolerance.TotalMilliseconds) throw DingTalkRefusal.Old(Security, "invalid timestamp");
        var expected = RobotSign.Of(secret, timestamp);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sign), Encoding.UTF8.GetBytes(expected))) throw DingTalkRefusal.Old(Security, "sign not match");
    }
}

/// <summary><c>base64(HMAC-SHA256(secret, timestamp + "\n" + secret))</c>: of group robots with their secret, of pushed messages with the application's.</summary>
internal static class RobotSign
{
    public static string Of(string secret, string timestamp) => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(timestamp + "\n" + secret)));
}
