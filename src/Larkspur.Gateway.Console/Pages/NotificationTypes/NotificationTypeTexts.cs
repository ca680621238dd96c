using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.NotificationTypes;

/// <summary>What the pages of notification types say.</summary>
internal static partial class NotificationTypeTexts
{
    public static LocalText OfHours(string word) => FindHours(word) ?? HoursNormal;
}
