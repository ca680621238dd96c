namespace Larkspur.Gateway.Cards;

/// <summary>Kinds and values of the gateway's own buttons: what no caller's card may hold (<see cref="ReservedValues"/>).</summary>
internal static class CardKinds
{
    /// <summary>All other kinds of ours begin with it.</summary>
    public const string Prefix = "larkspur.";

    /// <summary>Decisions on cards of business systems.</summary>
    public const string Decision = "larkspur.card";

    /// <summary>Forms of commands that business systems registered.</summary>
    public const string CommandForm = "larkspur.command";

    /// <summary>Answers of the assistant, and questions about accounts.</summary>
    public const string Assistant = "assistant";

    /// <summary>Cards of plug-ins: their names follow.</summary>
    public const string PluginPrefix = "plugin.";

    /// <summary>What stands behind each button of the assistant's begins with it.</summary>
    public const string AnswerPrefix = "asst:";
}
