using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Shell;
using RouteOptions = Larkspur.Gateway.Assistant.RouteOptions;

namespace Larkspur.Gateway.Console.Pages.Assistant;

/// <summary>What the page of the assistant says.</summary>
internal static partial class AssistantTexts
{
    public static LocalText Took(TestAnswer answer) => answer.First is { } first
        ? TookWithFirst(first.TotalSeconds, answer.Whole.TotalSeconds)
        : TookWhole(answer.Whole.TotalSeconds);

    public static LocalText OfEnding(string? ending) => ending switch
    {
        "finished" => EndingFinished,
        "stopped" => EndingStopped,
        "interrupted" => EndingInterrupted,
        "failed" => EndingFailed,
        _ => LocalText.From(ending ?? "—"),
    };

    public static string KindOf(string? ending) => ending switch
    {
        "finished" => "good",
        "stopped" => "off",
        _ => "bad",
    };

    /// <summary>A rule's conditions in words.</summary>
    public static LocalText ConditionOf(RouteOptions rule)
    {
        var parts = new List<LocalText>();
        if (rule.Command is { Length: > 0 } command) parts.Add(Command(command));
        if (rule.Platform is { Length: > 0 } platform) parts.Add(PlatformTexts.Of(platform));
        if (rule.App is { Length: > 0 } app) parts.Add(App(app));
        if (rule.Chat is { Length: > 0 } chat) parts.Add(Chat(chat));
        if (rule.Person is { Length: > 0 } person) parts.Add(Person(person));
        if (rule.Department is { Length: > 0 } department) parts.Add(Department(department));
        if (rule.Keywords.Count > 0)
            parts.Add(Says(LocalText.List(rule.Keywords)));
        return parts.Count == 0 ? Always : LocalText.List(parts);
    }
}
