using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Company;

/// <summary>The directory that all platforms share.</summary>
internal static class CompanyServices
{
    public static void AddCompany(this IServiceCollection services)
    {
        services.AddSingleton<CompanyDirectory>();
        services.AddSingleton<DirectoryView>();
        services.AddSingleton<PeopleCommand>();
        services.AddSingleton<DepartmentsCommand>();
        services.AddSingleton<RangeCommand>();
        services.AddSingleton<DirectoryFaults>();
    }

    public static void MapCompany(this ControlRoutes control, IServiceProvider services)
    {
        var state = services.GetRequiredService<EmulatorState>();
        var people = services.GetRequiredService<PeopleCommand>();
        var departments = services.GetRequiredService<DepartmentsCommand>();
        var range = services.GetRequiredService<RangeCommand>();
        var faults = services.GetRequiredService<DirectoryFaults>();
        control.Post("/people", (input, _) => people.Add(input));
        control.Patch("/people/{userId}", (input, http) => people.Change(ControlRoutes.Value(http, "userId"), input));
        control.Delete("/people/{userId}", http => people.Leave(ControlRoutes.Value(http, "userId"), Silent(http)));
        control.Post("/departments", (input, _) => departments.Add(input));
        control.Patch("/departments/{id}", (input, http) => departments.Change(ControlRoutes.Value(http, "id"), input));
        control.Delete("/departments/{id}", http => departments.Remove(ControlRoutes.Value(http, "id"), Silent(http)));
        control.Post("/directory/fill", (input, _) => FillCommand.Run(state, input));
        control.Post("/directory/range", (input, _) => range.Change(input));
        control.Get("/directory/faults", (_, _) => faults.List());
        control.Post("/directory/faults", (input, _) => faults.Add(input));
        control.Delete("/directory/faults", _ => faults.Clear());
    }

    private static bool Silent(HttpContext http) => http.Request.Query["silent"].ToString() switch
    {
        "" or "false" => false,
        "true" => true,
        _ => throw new ControlRefusal("\"silent\" must be true or false."),
    };
}
