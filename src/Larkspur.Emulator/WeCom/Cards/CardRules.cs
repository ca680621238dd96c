namespace Larkspur.Emulator.WeCom.Cards;

/// <summary>Where a template card goes: the rules differ in a few points.</summary>
internal enum CardPlace { Application, AiBot, GroupRobot }

/// <summary>Limits that hold everywhere.</summary>
internal static class CardRules
{
    public const int MostMenuEntries = 3;
    public const int MostHorizontal = 6;
    public const int MostVertical = 4;
    public const int MostJumps = 3;
    public const int MostButtons = 6;
    public const int MostOptions = 10;
    public const int MostVotes = 20;
    public const int MostSelections = 3;
    /// <summary>Bytes.</summary>
    public const int LongestKey = 1024;
    /// <summary>Bytes, of ids of tasks, questions and options.</summary>
    public const int LongestId = 128;
    public const double LeastRatio = 1.3;
    public const double MostRatio = 2.25;

    public const string TextNotice = "text_notice";
    public const string NewsNotice = "news_notice";
    public const string ButtonInteraction = "button_interaction";
    public const string VoteInteraction = "vote_interaction";
    public const string MultipleInteraction = "multiple_interaction";

    public static bool IsKnown(string? type) => type is TextNotice or NewsNotice || IsInteractive(type);

    public static bool IsInteractive(string? type) => type is ButtonInteraction or VoteInteraction or MultipleInteraction;
}
