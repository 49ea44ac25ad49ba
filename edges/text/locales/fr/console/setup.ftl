# La première mise en route.

setup-title = Bienvenue.
setup-about = Cinq réponses, et la console du cabinet est à vous. Tout reste sur ce poste.
setup-code = Code de mise en route
setup-code-hint = Il est affiché dans la fenêtre où Hygie a démarré. Il sert une fois, pendant 30 minutes.
setup-code-wrong = Ce n'est pas le code de ce démarrage, ou il a plus de 30 minutes. Relancez Hygie pour en avoir un autre.
setup-practice = Nom du cabinet
setup-practice-missing = Il manque le nom du cabinet, par exemple « Cabinet des Tilleuls ».
setup-host = Nom de la console sur votre réseau
setup-host-hint = Les clés d'accès y sont attachées : il ne change plus sans les refaire. Gardez celui-ci dans le doute.
setup-host-wrong = Il faut un nom avec un point, sans accent ni espace, par exemple « { $example } ».
setup-name = Votre prénom et votre nom
setup-name-missing = Il manque votre nom, par exemple « Hélène Garnier ».
setup-login = Votre identifiant
setup-login-hint = Court, sans espace, par exemple « helene ». Vous le taperez seulement sans clé d'accès.
setup-login-wrong = Il faut de 2 à 40 lettres ou chiffres, sans espace, par exemple « helene ».
setup-go = Mettre en route
