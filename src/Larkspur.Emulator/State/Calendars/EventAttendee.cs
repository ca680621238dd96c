namespace Larkspur.Emulator.State.Calendars;

/// <summary>Somebody whom an event invites.</summary>
/// <param name="Type"><c>user</c>, <c>chat</c> or <c>third_party</c>; rooms are not played.</param>
/// <param name="Id">A person's <c>UserId</c> in the state, a <c>chat_id</c>, or a mail address.</param>
/// <param name="RsvpStatus"><c>needs_action</c>, <c>accept</c>, <c>tentative</c> or <c>decline</c>.</param>
public sealed record EventAttendee(string Type, string Id, string RsvpStatus = "needs_action", bool IsOptional = false)
{
    /// <summary>Unique in its event, as <c>attendee_id</c>.</summary>
    public string AttendeeId => Type + "_" + WireIds.Hash("attendee", Type + "/" + Id)[..16];
}
