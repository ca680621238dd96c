using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Calendars;

/// <summary>The people of the company that a call names by its <c>user_id_type</c>, usually <c>open_id</c>.</summary>
internal static class CalendarPeople
{
    /// <returns>Their <c>UserId</c> in the state.</returns>
    /// <exception cref="ApiRefusedException">195100: nobody of this company who still works here.</exception>
    public static string Find(EmulatorState state, ApiRequest request, string id)
    {
        var person = state.Find(request.App, id, request.QueryText("user_id_type"));
        return person is { IsGuest: false, IsResigned: false } ? person.UserId : throw request.Refuse(195100);
    }
}
