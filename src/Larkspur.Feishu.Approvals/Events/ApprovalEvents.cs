using System.Text.Json;
using Larkspur.Feishu.Approvals;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Events.Parts;

namespace Larkspur.Feishu;

/// <summary>What the events of approval truly say, beside their wire fields: <c>e.Event.State</c>, <c>e.Event.At</c>.</summary>
/// <remarks>
/// They come for definitions that were subscribed (<see cref="ApprovalDefinitions.SubscribeAsync"/>), in schema 1.0, in the order of each instance; a delivery's
/// <see cref="FeishuDelivery.EventId"/> (their <c>uuid</c>) is what duplicates share. The <c>uuid</c> within the body is another one: the key the instance was made under.
/// </remarks>
#pragma warning disable CA1708 // The analyser takes several extension blocks for members of one name.
public static class ApprovalEvents
#pragma warning restore CA1708
{
    extension(ApprovalInstance instance)
    {
        /// <summary>Where the instance stands now.</summary>
        public ApprovalInstanceState State => ApprovalStates.Instance(instance.Status?.Value);

        /// <summary>When that happened. (On the wire it is text, and a number when the state is <see cref="ApprovalInstanceState.Reverted"/>.)</summary>
        public DateTimeOffset? At => ApprovalTime.Read(instance.InstanceOperateTime) ?? ApprovalTime.Read(instance.OperateTime);

        /// <summary>The key that the instance was made under, or null: it was made without one, or in the client.</summary>
        public string? CreateUuid => instance.Uuid is { Length: > 0 } uuid ? uuid : null;
    }

    extension(ApprovalTask task)
    {
        /// <summary>Where the task stands now.</summary>
        public ApprovalTaskState State => ApprovalStates.Task(task.Status?.Value);

        /// <summary>When that happened.</summary>
        public DateTimeOffset? At => ApprovalTime.Read(task.OperateTime);

        /// <summary>Whose task; null: the platform passed it by itself.</summary>
        public ApprovalPerson? Person => task.OpenId is { Length: > 3 } open ? ApprovalPerson.OpenId(open) : task.UserId is { Length: > 0 } user ? ApprovalPerson.UserId(user) : null;

        /// <summary>Sent back: to which steps, by the platform's ids; else empty.</summary>
        public IReadOnlyList<string> RolledBackTo => Listed(task.Extra, "rollback_node_ids");

        /// <summary>Sent back: to which steps, by their author's ids; else empty.</summary>
        public IReadOnlyList<string> RolledBackToCustom => Listed(task.Extra, "rollback_custom_node_ids");
    }

    extension(ApprovalCc copy)
    {
        /// <summary>When.</summary>
        public DateTimeOffset? At => ApprovalTime.Read(copy.CreateTime);

        /// <summary>True: the copy was read; false: it was given.</summary>
        public bool IsRead => copy.Operate?.Value == "READ";
    }

    extension(ApprovalApprovalUpdatedV4 updated)
    {
        /// <summary>The definition that changed. This event says nothing of any instance: those have <see cref="ApprovalInstance"/>.</summary>
        public string DefinitionCode => updated.Object?.ApprovalCode ?? "";

        /// <summary>When it changed.</summary>
        public DateTimeOffset? At => ApprovalTime.Read(updated.Object?.Timestamp * 1000);
    }

    extension(LeaveApproval leave)
    {
        /// <summary>How long, as the platform counts it: in seconds on the wire, whatever its unit.</summary>
        public TimeSpan? Duration => Seconds(leave.LeaveInterval);
    }

    extension(LeaveApprovalV2 leave)
    {
        /// <summary>How long. The platform sends this event and <see cref="LeaveApproval"/> for the same leave, with different ids: handle one of the two.</summary>
        public TimeSpan? Duration => Seconds(leave.LeaveInterval);
    }

    extension(WorkApproval work)
    {
        /// <summary>How long.</summary>
        public TimeSpan? Duration => Seconds(work.WorkInterval);
    }

    extension(OutApproval away)
    {
        /// <summary>How long.</summary>
        public TimeSpan? Duration => Seconds(away.OutInterval);
    }

    private static TimeSpan? Seconds(long? seconds) => seconds is >= 0 and < 10_000_000_000 ? TimeSpan.FromSeconds(seconds.Value) : null;

    /// <summary>A list of texts in a member of a JSON text; anything else is an empty one.</summary>
    private static List<string> Listed(string? json, string member)
    {
        if (string.IsNullOrEmpty(json)) return [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(member, out JsonElement list) && list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)] : [];
        }
        catch (JsonException)
        {
            // "Extension data" by the reference's words: what is not that JSON says nothing here.
            return [];
        }
    }
}
