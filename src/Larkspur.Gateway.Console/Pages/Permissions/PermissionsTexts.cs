using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Permissions;

namespace Larkspur.Gateway.Console.Pages.Permissions;

/// <summary>What the page of permissions says.</summary>
internal static partial class PermissionsTexts
{
    public static LocalText OfDay(string word) => FindDay(word) ?? throw new ArgumentException(word, nameof(word));

    /// <summary>When a rule counts, in one line.</summary>
    public static LocalText Of(RuleHours? hours)
    {
        if (hours is null) return Always;
        var words = RuleHours.Words.Where(word => hours.Days.Contains(word.Day)).Select(word => OfDay(word.Word)).ToArray();
        var (from, to) = (RuleHours.Text(hours.From), RuleHours.Text(hours.To));
        var zone = hours.Zone is { } own ? $" ({own.Id})" : "";
        var (chinese, english) = (string.Join('、', words.Select(w => w.Chinese)), string.Join(", ", words.Select(w => w.English)));
        return new($"{chinese} {from}–{to}{zone}", $"{english} {from}–{to}{zone}");
    }

    public static LocalText Of(RequestRefusedException refused) => refused.Word switch
    {
        "name_in_use" => NameInUse,
        "changed_meanwhile" => ChangedMeanwhile,
        "bad_name" => BadName,
        "bad_feature" => BadFeature,
        "nobody" => Nobody,
        "bad_id" => BadId,
        "no_such_person" => NoSuchPerson,
        "no_such_role" => NoSuchRole,
        "role_in_use" => RoleInUse,
        "bad_hours" => BadHours,
        "bad_time_zone" => BadTimeZone,
        "too_many" => new(TooMany, refused.Message),
        "missing" or "wrong_type" or "too_long" => new(Incomplete, refused.Message),
        _ => LocalText.From(refused.Message),
    };
}
