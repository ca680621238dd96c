using System.Collections.Frozen;
using System.Data.Common;
using System.Text.Json;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>A rule as it lies in the table.</summary>
internal sealed record RuleRow(string Name, string Definition, long Version, DateTimeOffset ChangedAt, string ChangedBy)
{
    public static RuleRow Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.Time(3), row.GetString(4));

    /// <summary>The rule. One that cannot be read any more (its time zone is gone with a change of the system) forbids its feature to everybody: nothing is opened by a damage.</summary>
    public PermissionRule Rule(ILogger logger)
    {
        try
        {
            return RuleReader.Read(Name, Definition) with { Version = Version, ChangedAt = ChangedAt, ChangedBy = ChangedBy };
        }
        catch (Exception e) when (e is RequestRefusedException or JsonException)
        {
            PermissionStore.RuleUnreadable(logger, Name, e);
            var nobody = FrozenSet<string>.Empty;
            return new PermissionRule
            {
                Name = Name, Feature = Feature(), Denies = true, Who = new RuleCircle(true, nobody, nobody, nobody, nobody), IsUnreadable = true, Version = Version, ChangedAt = ChangedAt, ChangedBy = ChangedBy,
            };
        }
    }

    private string Feature()
    {
        try
        {
            using var json = JsonDocument.Parse(Definition);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("feature", out var feature) && feature.ValueKind == JsonValueKind.String
                ? feature.GetString()! : PermissionRule.AnyFeature;
        }
        catch (JsonException)
        {
            return PermissionRule.AnyFeature;
        }
    }
}
