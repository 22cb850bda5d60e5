document.querySelector('main')!.title = 'Counted on the server'
