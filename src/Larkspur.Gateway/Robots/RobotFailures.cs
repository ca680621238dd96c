using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Robots;

/// <summary>Why a robot's message was not taken, in words of no platform, and the sentence that says what to do.</summary>
internal static class RobotFailures
{
    public const string Keyword = "robot_keyword";
    public const string Sign = "robot_sign";
    public const string AddressNotListed = "robot_ip";
    public const string Removed = "robot_removed";
    public const string SwitchedOff = "robot_switched_off";
    public const string GroupGone = "robot_group_gone";
    public const string Content = "robot_content";
    public const string Refused = "robot_refused";
    public const string Deleted = "robot_deleted";
    public const string Unspeakable = "robot_unreadable";
    public const string TooFast = "robot_too_fast";
    public const string PlatformFailed = "platform_failed";

    /// <summary>What the platform will say again to the same message.</summary>
    /// <param name="reason">One of the words above.</param>
    /// <param name="e">The platform's answer; its text has no secret in it.</param>
    public static ChannelException Final(string reason, PlatformApiException e) =>
        new(reason, e.Message, transient: false, e) { Code = e.Code };

    /// <summary>The robot has to be quiet for a while: everything that it says waits.</summary>
    public static ChannelException Fast(PlatformApiException e, TimeSpan quiet) => new(TooFast, e.Message, transient: true, e)
    {
        Code = e.Code, Blame = Blame.Endpoint, RetryAfter = quiet,
    };

    /// <summary>The platform's own trouble: the message may have arrived.</summary>
    public static ChannelException Trouble(PlatformApiException e) => new(PlatformFailed, e.Message, transient: true, e)
    {
        Code = e.Code, Ambiguous = true, Blame = Blame.Platform,
    };

    /// <summary>No answer.</summary>
    public static ChannelException Lost(PlatformNetworkException e) =>
        new(e.TimedOut ? "timed_out" : "no_connection", e.Message, transient: true, e)
    {
        Ambiguous = e.EffectUnknown, Blame = Blame.Platform,
    };

    /// <summary>The SDK sends no such content: the platform would refuse it.</summary>
    public static ChannelException BadContent(Exception e) => new(Content, e.Message, transient: false, e);

    /// <summary>The row says something that this version does not read.</summary>
    public static ChannelException Unreadable(Exception? e = null) =>
        new("unreadable_row", "The row does not say what this platform's robots say.", transient: false, e);

    /// <summary>What happened and what to do; null: it is no word of a robot's.</summary>
    public static LocalText? Find(string reason) => RobotTexts.FindFailure(reason);

    /// <summary>What happened and what to do.</summary>
    public static LocalText SentenceOf(string reason) => Find(reason) ?? RobotTexts.NotSent;
}
