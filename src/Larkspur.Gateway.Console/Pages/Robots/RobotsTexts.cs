using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Robots;

namespace Larkspur.Gateway.Console.Pages.Robots;

/// <summary>What the page of group robots says.</summary>
internal static partial class RobotsTexts
{
    public static LocalText DeleteQuestion(string name, long waiting) =>
        waiting == 0 ? DeleteQuestionOf(name) : DeleteQuestionWaiting(name, waiting);

    /// <summary>A test's result.</summary>
    public static LocalText Of(RobotTestView test) => test switch
    {
        { State: "delivered" } => Delivered,
        { Failure: { } failure } => OfFailure(failure),
        { State: "unknown" } => NotKnown,
        _ => NotTried,
    };

    /// <summary>Why a message was not taken, and what to do.</summary>
    public static LocalText OfFailure(RobotFailureView failure) => new(failure.MessageZh, failure.Message);

    public static string KindOf(RobotView robot) => robot.State switch
    {
        "active" => "good",
        "off" => "off",
        _ => "bad",
    };

    public static LocalText StateOf(RobotView robot) => robot.State switch
    {
        "cannot_decrypt" => CannotBeDecrypted,
        "off" => Off,
        "failing" => FailingTimes(robot.ConsecutiveFailures),
        _ => robot.LastSuccessAt is null ? NotUsed : Working,
    };
}
