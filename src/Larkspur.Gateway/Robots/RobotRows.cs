using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Robots;

/// <summary>
/// Rows of the outbox that robots say. A robot's lane has its id: another one of the same name says nothing that was meant for this one.
/// </summary>
internal static class RobotRows
{
    /// <summary>As rows keep what is said.</summary>
    public static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Kind of the target, by which REST tells robots from chats and people.</summary>
    public const string TargetType = "robot";

    private const string Prefix = "robot:";
    private const string TestMark = ":test:";

    /// <summary>
    /// No platform recognises a repetition across attempts (DingTalk does within one): what may have arrived is not said again.
    /// </summary>
    public static OutboxOperation Operation { get; } = new("robot_message", Repetition.Repeats, RobotTexts.RobotMessage);

    /// <summary>The row of what a robot is to say, in order with all else that it says.</summary>
    public static OutboxMessage Message(Robot robot, CompiledMessage content) => new()
    {
        Platform = OutboxScope.RobotPlatform, Operation = Operation, Lane = LaneOf(robot.Id), TargetType = TargetType, Target = robot.Name,
        MessageType = content.Type, Content = content.Content, FallsBack = false,
    };

    /// <summary>The row of a test, which waits for nothing that stands before it.</summary>
    public static OutboxMessage Test(Robot robot, CompiledMessage content, string test) =>
        Message(robot, content) with { Lane = LaneOf(robot.Id) + TestMark + test, Owner = robot.Owner };

    /// <summary>The lane of a robot.</summary>
    public static string LaneOf(string id) => Prefix + id;

    /// <summary>The robot that a row is for.</summary>
    public static string IdOf(OutboxEntry entry)
    {
        var lane = entry.Message.Lane;
        var id = lane.StartsWith(Prefix, StringComparison.Ordinal) ? lane[Prefix.Length..] : lane;
        return id.IndexOf(':', StringComparison.Ordinal) is >= 0 and var end ? id[..end] : id;
    }

    /// <summary>It is a test: it goes also while the robot is switched off.</summary>
    public static bool IsTest(OutboxEntry entry) => entry.Message.Lane.Contains(TestMark, StringComparison.Ordinal);
}
